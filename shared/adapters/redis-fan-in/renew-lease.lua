-- KEYS[1] the lease    ARGV[1] its holder    ARGV[2] milliseconds to go on
-- Returns 1 if the lease was still the holder's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
