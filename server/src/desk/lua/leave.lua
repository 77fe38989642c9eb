-- A call has ended: its place is free, and the back-off begins, grows or ends.
-- KEYS: 1 calls under way, 2 the back-off
-- ARGV: 1 name of the place, 2 word (`good`, `bad`, `none`), 3 when it was sent (us), 4 cause, 5 what the upstream asks
--       for (ms; -1: nothing), 6 cap (ms), 7 dice (0 to 1)
-- Returns: how long the key is left alone (ms; 0 or less: it is not), and for what
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[2] == 'none' then return { 0, '' } end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local ms = math.floor(now / 1000)
local rest = redis.call('HMGET', KEYS[2], 'since', 'streak', 'until', 'cause')
local function left()
  return { rest[3] and tonumber(rest[3]) - ms or 0, rest[4] or '' }
end
local same = rest[1] and tonumber(ARGV[3]) < tonumber(rest[1])
if ARGV[2] == 'good' then
  if same then return left() end
  redis.call('DEL', KEYS[2])
  return { 0, '' }
end

local hint, cap, dice = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local streak = tonumber(rest[2] or 0)
if not same then
  streak = streak + 1
  redis.call('HSET', KEYS[2], 'since', now, 'streak', streak)
  redis.call('PEXPIRE', KEYS[2], cap * 4)
elseif hint < 0 then
  return left()
end
local delay
if hint >= 0 then
  delay = math.min(hint, cap) * (1 + dice / 10)
else
  delay = math.min(1000 * 2 ^ (math.min(streak, 20) - 1), cap) * (1 - dice / 2)
end
local till = ms + math.ceil(math.min(delay, cap))
if not rest[3] or tonumber(rest[3]) < till then
  redis.call('HSET', KEYS[2], 'until', till, 'cause', ARGV[4])
  rest[3], rest[4] = till, ARGV[4]
end
return left()
