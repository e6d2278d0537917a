-- Addresses whose oldest parcel is due, leased to the caller: their parcels, whether a lease ran out, what is living.
-- KEYS: queue   ARGV: now ms, lease until ms, most addresses, prefix of outboxes, prefix of persons
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local found = {}
for _, member in ipairs(due) do
  local parcels = redis.call('LRANGE', ARGV[4] .. member, 0, -1)
  if #parcels == 0 then
    redis.call('ZREM', KEYS[1], member)
  else
    local person = redis.call('HMGET', ARGV[5] .. member, 'leased', 'living')
    redis.call('ZADD', KEYS[1], ARGV[2], member)
    redis.call('HSET', ARGV[5] .. member, 'leased', '1')
    found[#found + 1] = {member, parcels, person[1] == '1' and 1 or 0, person[2] or ''}
  end
end
return found
