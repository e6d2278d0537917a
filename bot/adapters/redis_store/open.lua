-- Take the lock on one person and read her.
-- KEYS: lock, person, session, door, case, seen, crowd   ARGV: token, lock ms, crowd window ms
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {0}
end
local crowd = redis.call('INCR', KEYS[7])
if crowd == 1 then
  redis.call('PEXPIRE', KEYS[7], ARGV[3])
end
local person = redis.call('HMGET', KEYS[2], 'version', 'epoch', 'calmed', 'sorry', 'living')
return {1, person[1] or '0', person[2] or '0', person[3] or '', person[4] or '', person[5] or '',
        redis.call('EXISTS', KEYS[6]), crowd,
        redis.call('GET', KEYS[3]) or '', redis.call('GET', KEYS[4]) or '', redis.call('GET', KEYS[5]) or ''}
