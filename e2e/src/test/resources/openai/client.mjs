// What a program does with OpenAI's own client: says what came out, one JSON object.
import OpenAI from "openai";

const [baseURL, apiKey, broken] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });
const messages = [{ role: "user", content: "one two three" }];
const said = {};

const failure = async (work) => {
    try {
        await work();
        return null;
    } catch (error) {
        return { kind: error.constructor.name, status: error.status ?? null, code: error.code ?? null };
    }
};

said.models = [];
for await (const model of client.models.list()) {
    said.models.push(model.id);
}
said.model = (await client.models.retrieve("main")).id;

const whole = await client.chat.completions.create({ model: "main", messages, temperature: 0, max_tokens: 50 });
said.whole = whole.choices[0].message.content;
said.finish = whole.choices[0].finish_reason;
said.total = whole.usage.total_tokens;

const kept = await client.chat.completions.create({ model: "main", user: "anna", messages });
said.kept = kept.choices[0].message.content;

said.pieces = [];
const stream = await client.chat.completions.create({
    model: "main", user: "anna", messages, stream: true, stream_options: { include_usage: true },
});
for await (const chunk of stream) {
    if (chunk.choices.length > 0) {
        said.pieces.push(chunk.choices[0].delta.content ?? "");
    } else {
        said.streamedUsage = chunk.usage !== null;
    }
}

// The client's own collector of streams, which checks what it gets.
said.collected = await client.chat.completions.stream({ model: "main", messages }).finalContent();

said.noModel = await failure(() => client.chat.completions.create({ model: "nobody", messages }));
said.noKey = await failure(() => new OpenAI({ baseURL, apiKey: "nonsense" }).models.list());
said.broken = await failure(() => client.chat.completions.create({ model: broken, messages }));
said.brokenOff = await failure(async () => {
    const half = await client.chat.completions.create({ model: broken, messages, stream: true });
    said.half = "";
    for await (const chunk of half) {
        said.half += chunk.choices[0].delta.content ?? "";
    }
});
said.noAnswers = await failure(() => client.chat.completions.create({ model: "main", n: 2, messages }));
console.log(JSON.stringify(said));
