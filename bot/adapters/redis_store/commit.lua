-- Make one turn true, or nothing. Compares lock and version first.
-- KEYS: lock, person, session, door, case, seen, trace, outbox, queue, cases, fading, dropped, reports
-- ARGV: 1 token  2 version  3 now ms  4 lease until ms  5 member of the queue  6 session ('-': drop, '': keep)
--       7 session ttl s  8 door ('-': drop, '': keep)  9 door ttl s  10 case ('-': drop, '': keep)  11 case ttl s
--       12 seen ttl s ('': not seen)  13 trace of her own message ('' none)  14 trace ttl s  15 erase ('1')
--       16 calmed ms ('' keep)  17 sorry ms ('' keep)  18 sealed address
--       19 when the chat vanishes, ms ('' never)  20 when it becomes too old to be deleted, ms
--       21 what the editors are told, `entry|what` by commas ('' nothing; counted, and nobody's)  22… parcels
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
if (redis.call('HGET', KEYS[2], 'version') or '0') ~= ARGV[2] then return {0} end

redis.call('HINCRBY', KEYS[2], 'version', 1)
if ARGV[16] ~= '' then redis.call('HSET', KEYS[2], 'calmed', ARGV[16]) end
if ARGV[17] ~= '' then redis.call('HSET', KEYS[2], 'sorry', ARGV[17]) end
if ARGV[15] == '1' then redis.call('HINCRBY', KEYS[2], 'epoch', 1) end
redis.call('EXPIRE', KEYS[2], ARGV[14])

if ARGV[6] == '-' then redis.call('DEL', KEYS[3])
elseif ARGV[6] ~= '' then redis.call('SET', KEYS[3], ARGV[6], 'EX', ARGV[7]) end
if ARGV[8] == '-' then redis.call('DEL', KEYS[4])
elseif ARGV[8] ~= '' then redis.call('SET', KEYS[4], ARGV[8], 'EX', ARGV[9]) end
if ARGV[10] == '-' then
  redis.call('DEL', KEYS[5])
  redis.call('ZREM', KEYS[10], ARGV[5])
elseif ARGV[10] ~= '' then
  redis.call('SET', KEYS[5], ARGV[10], 'EX', ARGV[11])
  redis.call('ZADD', KEYS[10], 'NX', ARGV[3], ARGV[5])
end
if ARGV[12] ~= '' then redis.call('SET', KEYS[6], '1', 'EX', ARGV[12]) end
if ARGV[13] ~= '' then
  redis.call('ZADD', KEYS[7], 'NX', ARGV[3], ARGV[13])
  redis.call('EXPIRE', KEYS[7], ARGV[14])
end
local traced = redis.call('EXISTS', KEYS[7]) == 1

if ARGV[15] == '1' then  -- replies that still wait are dropped, deletions stay
  local waiting = redis.call('LRANGE', KEYS[8], 0, -1)
  redis.call('DEL', KEYS[8])
  for _, parcel in ipairs(waiting) do
    if not string.find(parcel, '"kind":"reply"', 1, true) then redis.call('RPUSH', KEYS[8], parcel)
    elseif traced then redis.call('RPUSH', KEYS[12], parcel) end  -- one or the other may be on its way
  end
  if traced then redis.call('EXPIRE', KEYS[12], ARGV[14]) end
  redis.call('HDEL', KEYS[2], 'living')
  redis.call('ZREM', KEYS[11], ARGV[5] .. ':vanish', ARGV[5] .. ':limit')
elseif traced then
  if ARGV[19] == '' then redis.call('ZREM', KEYS[11], ARGV[5] .. ':vanish')
  else redis.call('ZADD', KEYS[11], ARGV[19], ARGV[5] .. ':vanish') end
  redis.call('ZADD', KEYS[11], 'NX', ARGV[20], ARGV[5] .. ':limit')
end
if traced then redis.call('HSET', KEYS[2], 'to', ARGV[18]) end
for report in string.gmatch(ARGV[21], '[^,]+') do redis.call('HINCRBY', KEYS[13], report, 1) end
local claimed = 0
if #ARGV > 21 then
  if redis.call('LLEN', KEYS[8]) == 0 then
    claimed = 1
    redis.call('ZADD', KEYS[9], ARGV[4], ARGV[5])
    redis.call('HSET', KEYS[2], 'leased', '1')
  else
    redis.call('ZADD', KEYS[9], 'NX', ARGV[3], ARGV[5])
  end
  for n = 22, #ARGV do redis.call('RPUSH', KEYS[8], ARGV[n]) end
end
redis.call('DEL', KEYS[1])
return {1, claimed}
