-- What goes on: what the asker does not know of, and the back-off.
-- KEYS: 1 what was sent, 2 the back-off, 3 anything, written so that a Redis that takes no writes is not taken for one
-- ARGV: 1 the newest call known to the asker (us)
-- Returns: as `enter.lua`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('SET', KEYS[3], '', 'PX', 10000)
local unknown = {}
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES')
for place = 2, #found, 2 do unknown[#unknown + 1] = tonumber(found[place]) end
local rest = redis.call('HMGET', KEYS[2], 'until', 'cause', 'since')
-- One that began later than now is of a clock that was put back; `enter` forgets it.
local left = rest[1] and tonumber(rest[3] or 0) <= now and tonumber(rest[1]) - math.floor(now / 1000) or 0
if left > 0 then return { now, 'rest', left, rest[2], unknown } end
return { now, 'go', 0, '', unknown }
