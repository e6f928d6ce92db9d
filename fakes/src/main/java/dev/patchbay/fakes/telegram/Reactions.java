package dev.patchbay.fakes.telegram;

import java.util.Set;

/** The emoji that Telegram takes as reactions; any other is an error there. */
final class Reactions {
    static final Set<String> ALLOWED = Set.of(
            ("👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐"
                + " 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊"
                + " 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡")
                    .split(" "));

    private Reactions() {}
}
