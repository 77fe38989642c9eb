-- Leave to send one call, or why not. All times come from Redis' own clock, so replicas need not agree on one.
-- KEYS: 1 what was sent, 2 calls under way, 3 the back-off, 4 the kept answer
-- ARGV: 1 name of this call, 2 name of its place under way, 3 how long that place is held at most (ms; 0: it has one, or
--       needs none), 4 places there are, 5 the newest call known to the asker (us), 6 life of a kept answer that will do
--       (ms; 0: none will), then for each window: calls, length (us)
-- A clock may be put back, by hand or by a failover: what then lies ahead of it must not hold anything up until it gets there.
-- Returns: now (us), word, its number, its cause, the calls that the asker does not know of (us)
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local ms = math.floor(now / 1000)

for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now), '+inf')) do
  redis.call('ZADD', KEYS[1], now, name)
end

local function say(word, number, cause)
  local unknown = {}
  local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[5], '+inf', 'WITHSCORES')
  for place = 2, #found, 2 do unknown[#unknown + 1] = tonumber(found[place]) end
  return { now, word, math.ceil(number), cause, unknown }
end

local life = tonumber(ARGV[6])
if life > 0 then
  local at = redis.call('HGET', KEYS[4], 'at')
  if at and tonumber(at) <= ms and ms - tonumber(at) < life then return say('kept', 0, '') end
end

local rest = redis.call('HMGET', KEYS[3], 'until', 'cause', 'since')
if rest[3] and tonumber(rest[3]) > now then
  redis.call('DEL', KEYS[3])
  rest = {}
end
if rest[1] and tonumber(rest[1]) > ms then return say('rest', tonumber(rest[1]) - ms, rest[2]) end

local held = tonumber(ARGV[3])
if held > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ms)
  -- No deadline is longer.
  redis.call('ZREMRANGEBYSCORE', KEYS[2], ms + 150000, '+inf')
  if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then return say('full', 0, '') end
end

local opens, longest = 0, 0
for place = 7, #ARGV, 2 do
  local calls, length = tonumber(ARGV[place]), tonumber(ARGV[place + 1])
  local oldest = redis.call('ZREVRANGE', KEYS[1], calls - 1, calls - 1, 'WITHSCORES')
  if oldest[2] then opens = math.max(opens, tonumber(oldest[2]) + length) end
  longest = math.max(longest, length)
end
if opens > now then return say('wait', opens - now, '') end

if longest > 0 then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
  redis.call('PEXPIRE', KEYS[1], math.ceil(longest / 1000) + 1000)
end
if held > 0 then
  redis.call('ZADD', KEYS[2], ms + held, ARGV[2])
  redis.call('PEXPIRE', KEYS[2], held + 1000)
end
return say('go', 0, '')
