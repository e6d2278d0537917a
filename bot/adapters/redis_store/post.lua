-- Put a parcel into an outbox; where it is what was due, take that off in the same moment, or do nothing if somebody
-- else has, or her time has moved.
-- KEYS: outbox, queue, person, fading   ARGV: member, now ms, lease until ms, parcel, what was due ('' nothing), its score
if ARGV[5] ~= '' then
  if redis.call('ZSCORE', KEYS[4], ARGV[5]) ~= ARGV[6] then return {0, ''} end
  redis.call('ZREM', KEYS[4], ARGV[5])
end
local claimed = 0
if redis.call('LLEN', KEYS[1]) == 0 then
  claimed = 1
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
  redis.call('HSET', KEYS[3], 'leased', '1')
else
  redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1])
end
redis.call('RPUSH', KEYS[1], ARGV[4])
return {claimed, redis.call('HGET', KEYS[3], 'living') or ''}
