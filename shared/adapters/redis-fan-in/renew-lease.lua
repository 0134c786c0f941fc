-- KEYS[1] the lease    ARGV[1] its holder    ARGV[2] its new lifetime in milliseconds
-- Returns 1 if the holder has the lease, including when it had expired and had no new holder.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
