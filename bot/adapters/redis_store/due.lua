-- Chats of which something is to be deleted now, leased to the caller, with their sealed addresses.
-- KEYS: fading   ARGV: now ms, lease until ms, most, prefix of persons
local found = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local who = string.match(member, '^[^:]+')
  local to = redis.call('HGET', ARGV[4] .. who, 'to')
  if to then
    redis.call('ZADD', KEYS[1], ARGV[2], member)
    found[#found + 1] = {member, to}
  else
    redis.call('ZREM', KEYS[1], member)  -- nothing is known of her any more
  end
end
return found
