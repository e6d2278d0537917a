-- Take delivered parcels off the head, note their traces; returns her epoch, what is living, and what is next.
-- KEYS: outbox, queue, person, trace, fading, dropped
-- ARGV: 1 member  2 now ms  3 lease until ms  4 trace ttl s  5 sealed address  6 living ('': as it is, '-': none)
--       7 notice due ms ('' none)  8 vanish due ms  9 span until the limit ms  10 wiped ('1')
--       11 count of ids  12 count of traces  ids…  traces…  gone…
local ids, traces = tonumber(ARGV[11]), tonumber(ARGV[12])
local vanish, limit, notice = ARGV[1] .. ':vanish', ARGV[1] .. ':limit', ARGV[1] .. ':notice'
local popped = false
for n = 13, 12 + ids do
  local head = redis.call('LINDEX', KEYS[1], 0)
  if head and string.find(head, '"id":"' .. ARGV[n] .. '"', 1, true) == 2 then
    redis.call('LPOP', KEYS[1])
    popped = true
  end
end
for n = 13 + ids, 12 + ids + traces do
  redis.call('ZADD', KEYS[4], 'NX', ARGV[2], ARGV[n])
end
if traces > 0 then
  redis.call('EXPIRE', KEYS[4], ARGV[4])
  if ARGV[7] ~= '' then
    redis.call('ZREM', KEYS[5], vanish, limit)
    redis.call('ZADD', KEYS[5], ARGV[7], notice)
  elseif not redis.call('ZSCORE', KEYS[5], limit) then  -- nobody has said when these go
    redis.call('ZADD', KEYS[5], 'NX', ARGV[8], vanish)
    redis.call('ZADD', KEYS[5], ARGV[2] + ARGV[9], limit)
  end
  redis.call('HSET', KEYS[3], 'to', ARGV[5])
  redis.call('EXPIRE', KEYS[3], ARGV[4])
end
if #ARGV > 12 + ids + traces then
  for n = 13 + ids + traces, #ARGV do redis.call('ZREM', KEYS[4], ARGV[n]) end
  local oldest = redis.call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')
  if #oldest == 0 then
    redis.call('ZREM', KEYS[5], vanish, limit)
    redis.call('HDEL', KEYS[3], 'to')
  elseif redis.call('ZSCORE', KEYS[5], limit) then
    redis.call('ZADD', KEYS[5], oldest[2] + ARGV[9], limit)
  end
end
if ARGV[10] == '1' then redis.call('DEL', KEYS[6]) end
if popped and ARGV[6] == '-' then redis.call('HDEL', KEYS[3], 'living')
elseif popped and ARGV[6] ~= '' then redis.call('HSET', KEYS[3], 'living', ARGV[6]) end
local left = redis.call('LRANGE', KEYS[1], 0, -1)
if #left == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('HDEL', KEYS[3], 'leased')
else
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
end
return {redis.call('HGET', KEYS[3], 'epoch') or '0', redis.call('HGET', KEYS[3], 'living') or '', left}
