package dev.patchbay.hub.usage;

import dev.patchbay.hub.store.SessionUse;
import dev.patchbay.hub.store.TurnUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * What one turn has used, with all agents that were asked. Whoever commits the end of the turn puts {@link #use} into the same
 * transaction and says so by {@link #settled}; what nobody has settled when the bill is closed is written down by itself. For one
 * thread at a time.
 */
public final class Bill implements AutoCloseable {
    private final Usage usage;
    private final List<Charge> charges = new CopyOnWriteArrayList<>();
    private boolean isSettled;

    Bill(Usage usage) {
        this.usage = usage;
    }

    /** A question that was asked for this turn. */
    public void add(Charge charge) {
        if (!charge.isNothing()) {
            charges.add(charge);
        }
    }

    /** For the transaction that ends the turn. */
    public TurnUse use() {
        long input = charges.stream().mapToLong(each -> each.tokens().input()).sum();
        long output = charges.stream().mapToLong(each -> each.tokens().output()).sum();
        var session = new SessionUse(input, output, 0, "");
        for (Map.Entry<String, Amount> each : costs().entrySet()) {
            session = session.plus(new SessionUse(0, 0, each.getValue().nanos(), each.getKey()));
        }
        return new TurnUse(charges.stream().map(Charge::increase).toList(), session);
    }

    /** Tokens read and written; 0 if nobody counted. */
    public long tokens() {
        return charges.stream().mapToLong(each -> each.tokens().sum()).sum();
    }

    /** {@code tokens}, {@code cost} and {@code currency} as a transcript line keeps them; what is not known is left out. */
    public Map<String, String> metadata() {
        var metadata = new LinkedHashMap<String, String>();
        if (tokens() > 0) {
            metadata.put("tokens", Long.toString(tokens()));
        }
        Map<String, Amount> costs = costs();
        // Two agents may have been asked who are paid in different money.
        if (costs.size() == 1) {
            costs.forEach((currency, cost) -> {
                metadata.put("cost", cost.toString());
                metadata.put("currency", currency);
            });
        }
        return metadata;
    }

    /** By currency, of agents that have a price. */
    private Map<String, Amount> costs() {
        return charges.stream()
                .filter(each -> each.purse().allowance().price().isPresent())
                .collect(Collectors.toMap(each -> each.purse().allowance().currency(), Charge::cost, Amount::plus));
    }

    /** It is on disk. */
    public void settled() {
        isSettled = true;
    }

    /** Writes down what is left and tells the operator what there is to tell. May block as long as the store does. */
    @Override
    public void close() {
        if (!charges.isEmpty()) {
            usage.close(charges, isSettled);
        }
    }
}
