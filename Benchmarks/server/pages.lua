-- Asks for paths in turn. Arguments: API key, or "-" for none, then a file with one path on each line, then a range of bytes to ask for, if any.

dofile((os.getenv("BENCHMARKS") or "Benchmarks/server") .. "/report.lua")

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local requests, at = {}, 0

function init(arguments)
  local headers = { Host = wrk.host }
  if arguments[1] ~= "-" then headers.Authorization = "Bearer " .. arguments[1] end
  headers.Range = arguments[3]
  for path in io.lines(arguments[2]) do requests[#requests + 1] = wrk.format("GET", path, headers) end
  at = number
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  wrk.report(summary, latency)
end
