// Ask, streamed and not, and print what came: node chat.mjs BASE_URL QUESTION
import OpenAI from "openai";

const [baseURL, question] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const asked = { model: "dateline", messages: [{ role: "user", content: question }] };

const whole = await client.chat.completions.create(asked);
const stream = await client.chat.completions.create({
  ...asked,
  stream: true,
  stream_options: { include_usage: true },
});
let text = "";
let usage = null;
for await (const chunk of stream) {
  text += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}
const models = await client.models.list();
console.log(
  JSON.stringify({
    content: whole.choices[0].message.content,
    annotations: whole.choices[0].message.annotations,
    streamed: text,
    usage,
    models: models.data.map((model) => model.id),
  }),
);
