// A program that uploads with the client that is published for it: all that is here is how it is called.
// tus.mjs ADDRESS TOKEN LEAD FILE [stop | AN UPLOAD'S ADDRESS]: prints the address; with `stop` it ends at about half.
import { openSync, readFileSync, createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { Upload } from "tus-js-client";

const [address, token, lead, file, how] = process.argv.slice(2);
const size = statSync(file).size;
const upload = new Upload(createReadStream(file), {
  endpoint: address,
  uploadUrl: how && how !== "stop" ? how : null,
  uploadSize: size,
  chunkSize: 1 << 20,
  retryDelays: [0, 200, 1000],
  headers: { Authorization: `Bearer ${token}` },
  metadata: { lead, filename: basename(file), source: "https://example.com/", collected_by: "编制人甲", method: "网页取证", collected_at: "2016-05-04T09:30" },
  onChunkComplete: (_, sent) => {
    if (how !== "stop" || sent * 2 < size) return;
    upload.abort();
    console.log(upload.url);
    process.exit(0);
  },
  onSuccess: () => console.log(upload.url),
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
});
upload.start();
