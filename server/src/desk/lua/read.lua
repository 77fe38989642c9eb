-- The kept answer. KEYS: 1 the answer. Returns: its age (ms, -1: there is none, or it cannot be told), its type, its body
local kept = redis.call('HMGET', KEYS[1], 'at', 'type', 'body')
if not kept[1] then return { -1, '', '' } end
local time = redis.call('TIME')
local age = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(kept[1])
return { math.max(-1, age), kept[2], kept[3] }
