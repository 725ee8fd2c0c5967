export { mountSmallDisk, type SmallDisk } from "./mount-small-disk.ts";
export { hasRedis, startRedis, type TestRedis } from "./start-redis.ts";
export { s3Credentials, startS3, type TestS3 } from "./start-s3.ts";
