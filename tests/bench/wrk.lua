-- Asks for the lines of a file in turn and prints what was measured as one line of JSON.
--
--   wrk … -s wrk.lua ADDRESS -- FILE
--
-- A line is a path, then headers as `Name: value`, all of them separated by tabs.

local requests, turn = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, headers = nil, {}
    for field in line:gmatch("[^\t]+") do
      if path then
        local name, value = field:match("^([^:]+):%s*(.*)$")
        headers[name] = value
      else
        path = field
      end
    end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "errors": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
