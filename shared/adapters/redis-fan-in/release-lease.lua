-- KEYS[1] the lease    ARGV[1] its holder
-- Returns 1 if the holder still had the lease, which is now free.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
