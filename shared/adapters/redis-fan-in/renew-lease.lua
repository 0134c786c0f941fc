-- KEYS[1] the lease    ARGV[1] its holder    ARGV[2] milliseconds to go on
-- Returns 1 if the lease is the holder's, also when it had run out and nobody had taken it.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
