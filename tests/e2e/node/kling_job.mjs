// One story with kling-api, told as JSON on stdout: a whole job, or each of its errors.
// LIPFLAP_URL is the server; KLING_ACCESS_KEY and KLING_SECRET_KEY are read by kling-api itself.
import { KlingAPI, KlingAPIError } from 'kling-api';

const url = process.env.LIPFLAP_URL;
const LIP_SYNC = '/v1/videos/advanced-lip-sync';

function client(credentials = {}) {
  // it insists on https, so it gets some; the server's own address is then put in its place
  const api = new KlingAPI({ baseUrl: 'https://lipflap.test', ...credentials });
  api.httpClient.client.defaults.baseURL = url;
  return api;
}

const post = (api, path, body) => api.httpClient.request('POST', path, body, 1);
const get = (api, path, query) => api.httpClient.request('GET', path, query, 1);

function clip(more = {}) {
  return {
    face_id: '0',
    sound_file: `${url}/__lipflap/media/speech.m4a`,
    sound_start_time: 0,
    sound_end_time: 3000,
    sound_insert_time: 1000,
    original_audio_volume: 0,
    ...more,
  };
}

async function identify(api) {
  const answer = await post(api, '/v1/videos/identify-face', { video_url: `${url}/__lipflap/media/talk.mp4` });
  return answer.data;
}

async function wait(api, taskId) {
  const seen = [];
  const query = async (id) => {
    const answer = await get(api, `${LIP_SYNC}/${id}`);
    seen.push(answer.data.task_status);
    return answer;
  };
  const result = await api.waitForVideoResult(taskId, query, { interval: 10, timeout: 20_000, showSpinner: false });
  return { result, seen };
}

async function job() {
  const api = client();
  const session = await identify(api);
  const submitted = await post(api, LIP_SYNC, { session_id: session.session_id, face_choose: [clip()] });
  const { result, seen } = await wait(api, submitted.data.task_id);
  const listed = await get(api, LIP_SYNC, { pageNum: 1, pageSize: 1 });
  return { token: api.getToken(), session, submitted, result, seen, listed };
}

async function caught(work) {
  try {
    return { answered: await work() };
  } catch (error) {
    if (!(error instanceof KlingAPIError)) throw error;
    const { message, code, requestId, httpStatus } = error;
    return { message, code, requestId, httpStatus, isRetryable: error.isRetryable() };
  }
}

async function errors() {
  const api = client();
  const { session_id } = await identify(api);
  const submit = (more) => post(api, LIP_SYNC, { session_id, face_choose: [clip()], ...more });
  const asked = (row) => submit({ external_task_id: `lipflap.fault=error:${row}` });
  const told = {};
  told.wrongSecret = await caught(() => identify(client({ accessKey: process.env.KLING_ACCESS_KEY, secretKey: 'wrong' })));
  told.unknownSession = await caught(() => submit({ session_id: 'gone' }));
  told.pastTheEnd = await caught(() => submit({ face_choose: [clip({ sound_end_time: 60_000 })] }));
  told.unknownTask = await caught(() => get(api, `${LIP_SYNC}/0`));
  told.unknownPath = await caught(() => get(api, '/v1/videos/nothing'));
  for (const row of ['1101', '1103', '1301', '1302', '1303', '5000', '5001', '5002']) {
    told[row] = await caught(() => asked(row));
  }
  const doomed = await submit({ external_task_id: 'lipflap.fault=error:1301@task' });
  told.failedTask = await caught(() => wait(api, doomed.data.task_id));
  return told;
}

const stories = { job, errors };
console.log(JSON.stringify(await stories[process.argv[2]]()));
