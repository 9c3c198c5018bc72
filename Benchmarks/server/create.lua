-- Creates image tasks, each with a unique id of its own.
-- Arguments: API key, prefix of the unique ids, address for callbacks, attachment addresses (one or more; taken in turn).
--
-- The request is built as text, since wrk.format would cost the generator more than the server spends on it.

dofile((os.getenv("BENCHMARKS") or "Benchmarks/server") .. "/report.lua")

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local head, prefix, callback, addresses, count

function init(arguments)
  head = table.concat({
    "POST /v1/task/imageannotation HTTP/1.1",
    "Host: " .. wrk.host,
    "Authorization: Bearer " .. arguments[1],
    "Content-Type: application/json",
    "Content-Length: ",
  }, "\r\n")
  prefix = arguments[2] .. "-" .. number .. "-"
  callback, addresses = arguments[3], { unpack(arguments, 4) }
  count = 0
end

local target = [[","callback_url":"]]
local before = [[{"project":"Street","unique_id":"]]
local middle = [[","attachment":"]]
local final = [[","instruction":"Draw a tight box around every vehicle and every person.",]]
  .. [["geometries":{"box":{"objects_to_annotate":["car","truck","bus","person","bicycle"],"min_width":4,"min_height":4},]]
  .. [["polygon":{"objects_to_annotate":["house","tree","road"],"min_vertices":3}},]]
  .. [["annotation_attributes":{"colour":{"type":"category","description":"What colour is it?","choices":["red","blue","white","other"],]]
  .. [["conditions":{"label_condition":{"label":["car","truck"]}}},]]
  .. [["doors":{"type":"number","description":"How many doors can you see?","min":0,"max":6,"required":false},]]
  .. [["remark":{"type":"text","description":"Anything else to say?","required":false}},]]
  .. [["metadata":{"camera":"front-left","drive":"2024-03-05/17","frame":]]
local last = [[},"tags":["north","rain"],"priority":10}]]

function request()
  count = count + 1
  local body = before .. prefix .. count .. middle .. addresses[count % #addresses + 1] .. target .. callback .. final .. count .. last
  return head .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency)
  wrk.report(summary, latency)
end
