-- Write down the new due time of the oldest parcel, if it is still the same one, and where to look for what may have
-- arrived. Returns 0 where the parcel was taken off.
-- KEYS: outbox, queue, person, trace
-- ARGV: member, due ms, id, parcel, trace ('' none), now ms, trace ttl s
if ARGV[5] ~= '' then
  redis.call('ZADD', KEYS[4], 'NX', ARGV[6], ARGV[5])
  redis.call('EXPIRE', KEYS[4], ARGV[7])
end
local head = redis.call('LINDEX', KEYS[1], 0)
if not (head and string.find(head, '"id":"' .. ARGV[3] .. '"', 1, true) == 2) then return 0 end
redis.call('LSET', KEYS[1], 0, ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('HDEL', KEYS[3], 'leased')
return 1
