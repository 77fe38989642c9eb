-- Keeps an answer. KEYS: 1 the answer. ARGV: 1 its type, 2 its body, 3 for how long (ms)
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'at', time[1] * 1000 + math.floor(time[2] / 1000), 'type', ARGV[1], 'body', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 0
