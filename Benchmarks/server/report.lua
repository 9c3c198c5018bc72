-- What every script here ends with: one line of JSON, which http.py reads.

function wrk.report(summary, latency, extra)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"seconds":%.6f,"requests":%d,"bytes":%d,"p50":%.3f,"p99":%.3f,"refused":%d,"broken":%d%s}\n',
    summary.duration / 1e6, summary.requests, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout, extra or ""))
end
