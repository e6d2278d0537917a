-- Addresses whose oldest parcel is due, leased to the caller, with their parcels.
-- KEYS: queue   ARGV: now ms, lease until ms, most addresses, prefix of outboxes
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local found = {}
for _, member in ipairs(due) do
  local parcels = redis.call('LRANGE', ARGV[4] .. member, 0, -1)
  if #parcels == 0 then
    redis.call('ZREM', KEYS[1], member)
  else
    redis.call('ZADD', KEYS[1], ARGV[2], member)
    found[#found + 1] = {member, parcels}
  end
end
return found
