-- Stores the result of one source, once.
-- KEYS[1] the record's fan-in hash
-- ARGV[1] the source's result field    ARGV[2] its result
-- ARGV[3] the source's error field     ARGV[4] the field that counts the sources done
-- ARGV[5] milliseconds until the hash expires
-- ARGV[6] the source's keys field      ARGV[7] what the keys that it was read with were shaped from; '' if it has none
-- Returns {counted, queryDoneCount}: counted is 1 if the result is new, 0 if the source already had a result, -1 if the
-- source now has other keys or none.
if ARGV[7] ~= '' then
  local keys = redis.call('HGET', KEYS[1], ARGV[6])
  if not keys or cjson.decode(keys).from ~= ARGV[7] then
    return { -1, 0 }
  end
end
local counted = redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
if counted == 1 then
  redis.call('HINCRBY', KEYS[1], ARGV[4], 1)
  redis.call('HDEL', KEYS[1], ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { counted, tonumber(redis.call('HGET', KEYS[1], ARGV[4])) }
