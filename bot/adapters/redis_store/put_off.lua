-- Write down the new due time of the oldest parcel, if it is still the same one.
-- KEYS: outbox, queue   ARGV: member, due ms, id, parcel
local head = redis.call('LINDEX', KEYS[1], 0)
if head and string.find(head, '"id":"' .. ARGV[3] .. '"', 1, true) == 2 then
  redis.call('LSET', KEYS[1], 0, ARGV[4])
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
end
return 1
