-- Take delivered parcels off the head, note their traces; returns her epoch and what is next.
-- KEYS: outbox, queue, person, trace
-- ARGV: member, now ms, lease until ms, trace ttl s, count of ids, ids…, traces…
local count = tonumber(ARGV[5])
for n = 6, 5 + count do
  local head = redis.call('LINDEX', KEYS[1], 0)
  if head and string.find(head, '"id":"' .. ARGV[n] .. '"', 1, true) == 2 then redis.call('LPOP', KEYS[1]) end
end
for n = 6 + count, #ARGV do
  redis.call('ZADD', KEYS[4], ARGV[2], ARGV[n])
  redis.call('EXPIRE', KEYS[4], ARGV[4])
end
local left = redis.call('LRANGE', KEYS[1], 0, -1)
if #left == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
end
return {redis.call('HGET', KEYS[3], 'epoch') or '0', left}
