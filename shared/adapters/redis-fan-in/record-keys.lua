-- Stores the keys of one source, and removes a result that was read with the previous keys.
-- KEYS[1] the record's fan-in hash
-- ARGV[1] the source's keys field      ARGV[2] its keys
-- ARGV[3] the source's result field    ARGV[4] the field that counts the sources done
-- ARGV[5] milliseconds until the hash expires
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if redis.call('HDEL', KEYS[1], ARGV[3]) == 1 then
  redis.call('HINCRBY', KEYS[1], ARGV[4], -1)
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
