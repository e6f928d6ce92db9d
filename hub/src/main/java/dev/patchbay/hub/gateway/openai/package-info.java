/** Chat completions as OpenAI words them: requests, answers, errors, and the turns behind them. */
@NullMarked
package dev.patchbay.hub.gateway.openai;

import org.jspecify.annotations.NullMarked;
