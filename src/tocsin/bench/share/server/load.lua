-- What wrk sends: reads of warnings or new reports, at a rate that is given, on a clock of its own.
--
-- Arguments: what ('read' or 'post'), requests a second of this thread, a beginning for keys, then
-- tokens and ids of warnings, with commas between.

local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long nanoseconds; } moment_t;
int clock_gettime(int clock, moment_t *found);
]]
local found = ffi.new("moment_t")
local function now()
   ffi.C.clock_gettime(1, found)
   return tonumber(found.seconds) * 1000 + tonumber(found.nanoseconds) / 1e6
end

local threads = {}
function setup(thread)
   table.insert(threads, thread)
   thread:set("number", #threads)
end

local function split(text)
   local parts = {}
   for part in string.gmatch(text, "[^,]+") do table.insert(parts, part) end
   return parts
end

local what, interval, keys, tokens, ids
local count, next_at = 0, nil
kept, refused = 0, 0

function init(args)
   what, interval, keys = args[1], 1000 / tonumber(args[2]), args[3]
   tokens, ids = split(args[4]), split(args[5])
end

-- Each request has its own moment, whatever the ones before it took; who is late sends at once.
function delay()
   local at = now()
   next_at = next_at and next_at + interval or at
   return math.max(0, next_at - at)
end

function request()
   count = count + 1
   local headers = { ["Authorization"] = "Bearer " .. tokens[count % #tokens + 1] }
   if what == "read" then
      return wrk.format("GET", "/api/objects/" .. ids[count % #ids + 1], headers)
   end
   headers["Content-Type"] = "application/json"
   local key = string.format("%s-%d-%012d", keys, number, count)
   local body = string.format(
      '{"key":"k-%s","sending":"s-%s","branch":"b-%s","answers":{"event_date":"2026-11-20",' ..
      '"country":"Mali","event_kind":"other"}}', key, key, key)
   return wrk.format("POST", "/api/reports", headers, body)
end

function response(status, headers, body)
   if status == 200 or status == 201 then kept = kept + 1 else refused = refused + 1 end
end

function done(summary, latency, requests)
   local ended, wrong = 0, 0
   for _, thread in ipairs(threads) do
      ended = ended + thread:get("kept")
      wrong = wrong + thread:get("refused")
   end
   local errors = summary.errors
   io.stderr:write(string.format(
      '{"done":%d,"refused":%d,"broken":%d,"seconds":%.3f,"p50":%.3f,"p90":%.3f,"p99":%.3f,"longest":%.3f}\n',
      ended, wrong, errors.connect + errors.read + errors.write + errors.timeout,
      summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(90) / 1000,
      latency:percentile(99) / 1000, latency.max / 1000))
end
