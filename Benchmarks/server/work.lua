-- People at work: each thread is one signed-in person who claims a picture, draws one box and submits, again and again.
-- Arguments: a file with one person on each line, as session cookie, space, CSRF token; run with as many threads as people
-- and one connection each.

local folder = os.getenv("BENCHMARKS") or "Benchmarks/server"
dofile(folder .. "/report.lua")

local ffi = require("ffi")
ffi.cdef([[typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int clock, moment *now);]])
local moment = ffi.new("moment")

local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) * 1e6 + tonumber(moment.nanoseconds) / 1e3
end

local people = {}

function setup(thread)
  people[#people + 1] = thread
  thread:set("number", #people)
end

-- What done() reads from each thread: texts, since wrk cannot carry tables from one thread's state to another's.
submitted, failures, claim, steps, submit = "", "", "", "", ""

local headers, act, work, sequence, writer, sent

function init(arguments)
  local line = 0
  for person in io.lines(arguments[1]) do
    line = line + 1
    if line == number then
      local cookie, token = person:match("^(%S+) (%S+)$")
      headers = {
        Host = wrk.host, Cookie = "vernier_session=" .. cookie, ["X-CSRF-Token"] = token,
        ["Content-Type"] = "application/json",
      }
    end
  end
  math.randomseed(number * 7919 + os.time())
  act, sequence, writer = "claim", 0, uuid()
end

function uuid()
  local random = math.random
  return string.format("%08x-%04x-7%03x-a%03x-%06x%06x", random(0, 0x7fffffff), random(0, 0xffff), random(0, 0xfff),
    random(0, 0xfff), random(0, 0xffffff), random(0, 0xffffff))
end

local function post(path, body)
  sent = now()
  return wrk.format("POST", path, headers, body)
end

function request()
  if act == "claim" then return post("/api/work/claim", "{}") end
  if act == "steps" then
    sequence = sequence + 1
    local box = [[{"type":"box","label":"car","left":12.5,"top":40,"width":120.25,"height":80,"attributes":{"colour":"red"},"order":"a0"}]]
    return post("/api/work/" .. work.id .. "/steps",
      '{"lease":"' .. work.lease .. '","writer":"' .. writer .. '","after":' .. work.revision .. ',"steps":[{"id":"' .. uuid()
      .. '","sequence":' .. sequence .. ',"operations":[{"collection":"annotations","key":"' .. uuid()
      .. '","before":null,"after":' .. box .. "}]}]}")
  end
  return post("/api/work/" .. work.id .. "/submit",
    '{"lease":"' .. work.lease .. '","submission":"' .. uuid() .. '","revision":' .. work.revision .. "}")
end

local function fail(status, body)
  failures = failures .. act .. " " .. status .. " " .. body:sub(1, 200):gsub('[\\"%c]', "'") .. "\n"
  act = "claim"
end

function response(status, _, body)
  _G[act] = _G[act] .. string.format("%d ", now() - sent)
  if status ~= 200 then return fail(status, body) end
  if act == "claim" then
    local id, lease = body:match('"work":{"id":"(%x+)"'), body:match('"lease":{"token":"([^"]+)"')
    if not id then
      failures = failures .. "nothing left to claim\n"
      return wrk.thread:stop()
    end
    work = { id = id, lease = lease, revision = body:match('"draft":{"revision":(%d+)') }
    act = "steps"
  elseif act == "steps" then
    work.revision = body:match('"revision":(%d+)')
    if not body:find('"conflict":null', 1, true) then return fail(status, body) end
    act = "submit"
  else
    submitted = submitted .. work.id .. " "
    act = "claim"
  end
end

function done(summary, latency)
  local seen, loops, duplicates, failed, failure = {}, 0, 0, 0, ""
  for _, person in ipairs(people) do
    for id in person:get("submitted"):gmatch("%x+") do
      loops = loops + 1
      if seen[id] then duplicates = duplicates + 1 end
      seen[id] = true
    end
    for line in person:get("failures"):gmatch("[^\n]+") do failed, failure = failed + 1, line end
  end
  local extra = string.format(',"loops":%d,"duplicates":%d,"failed":%d,"failure":"%s"', loops, duplicates, failed, failure)
  for _, name in ipairs({ "claim", "steps", "submit" }) do
    local times = {}
    for _, person in ipairs(people) do
      for time in person:get(name):gmatch("%d+") do times[#times + 1] = tonumber(time) end
    end
    table.sort(times)
    local function at(part) return (times[math.max(1, math.ceil(#times * part))] or 0) / 1e3 end
    extra = extra .. string.format(',"%s":[%.3f,%.3f]', name, at(0.5), at(0.99))
  end
  wrk.report(summary, latency, extra)
end
