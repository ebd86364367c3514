-- For wrk: asks for each line of the file PATHS in turn, and prints what came of it as JSON.
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local turn = 0

request = function()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn])
end

done = function(summary, latency)
  local failed = summary.errors
  io.write(string.format('{"rps": %f, "p50": %f, "p99": %f, "bytes": %d, "odd": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, summary.bytes / math.max(summary.requests, 1),
    failed.status + failed.timeout + failed.read + failed.connect))
end
