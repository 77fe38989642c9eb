-- The kept answer. KEYS: 1 the answer. Returns: its age (ms, -1: there is none), its type, its body
local kept = redis.call('HMGET', KEYS[1], 'at', 'type', 'body')
if not kept[1] then return { -1, '', '' } end
local time = redis.call('TIME')
return { math.max(0, time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(kept[1])), kept[2], kept[3] }
