package dev.patchbay.hub;

import dev.patchbay.api.ChannelSettings;
import dev.patchbay.hub.access.AccessRules;
import dev.patchbay.hub.agent.AgentSpec;
import dev.patchbay.hub.attachment.AttachmentSettings;
import dev.patchbay.hub.backup.BackupSettings;
import dev.patchbay.hub.channel.AccountSpec;
import dev.patchbay.hub.channel.ChannelLimits;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.OnFailure;
import dev.patchbay.hub.config.HubConfig.Scope;
import dev.patchbay.hub.config.HubConfig.Spending;
import dev.patchbay.hub.config.HubConfig.WhenFull;
import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.gateway.GatewaySettings;
import dev.patchbay.hub.gateway.Token;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.memory.ByteBudget;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.IdentityLinks;
import dev.patchbay.hub.routing.Router;
import dev.patchbay.hub.session.Busy;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.Manners;
import dev.patchbay.hub.usage.Allowance;
import dev.patchbay.hub.usage.Amount;
import dev.patchbay.hub.usage.Budget;
import dev.patchbay.hub.usage.Price;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What each part needs to know of the configuration, in the part's own words. */
final class Mapping {
    /** What long requests may take together, with all copies of them. */
    private static final double REQUESTS_OF_HEAP = 0.35;

    private Mapping() {}

    static List<AgentSpec> agents(HubConfig config) {
        return config.agents().values().stream()
                .map(each -> agent(each, config.plugins().startTimeout()))
                .toList();
    }

    static BackupSettings backups(HubConfig config, String version) {
        HubConfig.Backups backups = config.backups();
        return new BackupSettings(
                config.hub().dataDir(),
                backups.dir(),
                backups.enabled() ? Optional.of(backups.every()) : Optional.empty(),
                backups.keep(),
                config.store().minFreeBytes(),
                version);
    }

    static List<AccountSpec> accounts(HubConfig config) {
        return config.channels().values().stream()
                .flatMap(channel -> channel.accounts().entrySet().stream()
                        .map(account -> new AccountSpec(
                                new ChannelSettings(
                                        channel.name(), account.getKey(), account.getValue(), channel.shared()),
                                channel.enabled())))
                .toList();
    }

    static List<AccessRules> accessRules(HubConfig config) {
        return accounts(config).stream()
                .map(account -> AccessRules.of(
                        account.channel(),
                        account.accountId(),
                        account.settings().account()))
                .toList();
    }

    /** Who understands chat commands: as the account says, else as the hub does. */
    static ChatCommands.Switch commands(HubConfig config) {
        return (channel, account) -> Optional.ofNullable(config.channels().get(channel))
                .flatMap(found -> Optional.ofNullable(found.accounts().get(account)))
                .flatMap(settings -> settings.text("commands"))
                .map(text -> !text.equals("false"))
                .orElse(config.commands());
    }

    static Manners manners(HubConfig config) {
        boolean isPlain = config.agents().values().stream().allMatch(each -> each.busy() == HubConfig.Busy.QUEUE)
                && config.inbound().debounce().isZero()
                && config.channels().keySet().stream()
                        .allMatch(each -> config.inboundOf(each).debounce().isZero());
        return isPlain
                ? Manners.PLAIN
                : new Manners(
                        agent -> Optional.ofNullable(config.agents().get(agent))
                                .map(each -> Busy.valueOf(each.busy().name()))
                                .orElse(Busy.QUEUE),
                        channel -> config.inboundOf(channel).debounce());
    }

    static ChannelLimits limits(HubConfig config) {
        return new ChannelLimits(
                config.plugins().startTimeout(), config.delivery().attemptTimeout(), ChannelLimits.DEFAULT.close());
    }

    static Function<String, DeliveryPolicy> policies(HubConfig config) {
        Map<String, DeliveryPolicy> own = new HashMap<>();
        config.channels().keySet().forEach(channel -> own.put(channel, policy(config.deliveryOf(channel))));
        DeliveryPolicy general = policy(config.delivery());
        return channel -> own.getOrDefault(channel, general);
    }

    static Function<BindingTable, Router> routers(HubConfig config) {
        DmScope scope = dmScope(config);
        IdentityLinks links = IdentityLinks.parse(config.sessions().identityLinks(), (name, wrong) -> {});
        return table -> new Router(table, config.defaultAgent(), scope, links);
    }

    static DmScope dmScope(HubConfig config) {
        return DmScope.of(config.sessions().dmScope());
    }

    static AttachmentSettings files(HubConfig config) {
        HubConfig.Files files = config.attachments();
        return new AttachmentSettings(
                config.hub().dataDir(),
                files.maxSizeBytes(),
                files.keep(),
                files.maxTotalBytes(),
                config.store().minFreeBytes(),
                files.linkTtl(),
                files.allowPrivate(),
                config.server().publicUrl());
    }

    /** Where programs on this machine reach the hub. */
    static URI ownUrl(HubConfig config, int port) {
        String host =
                switch (config.server().host()) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::", "[::]" -> "[::1]";
                    default -> config.server().host();
                };
        String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create((config.server().tls().isPresent() ? "https://" : "http://") + literal + ":" + port + "/");
    }

    static GatewaySettings gateway(HubConfig config) {
        HubConfig.Server server = config.server();
        Optional<Double> rate = server.rateLimit()
                .map(limit -> limit.requests() * 1e9 / limit.per().toNanos());
        return new GatewaySettings(
                server.host(),
                server.port(),
                server.readTimeout(),
                rate,
                server.rateLimitLoopback(),
                Set.of(),
                server.tls().map(tls -> new GatewaySettings.TlsFiles(tls.cert(), tls.key())),
                GatewaySettings.Bounds.USUAL.withBodyBytes(
                        (long) (Runtime.getRuntime().maxMemory() * REQUESTS_OF_HEAP / ByteBudget.COPIES)));
    }

    static List<Token> tokens(HubConfig config) {
        return config.server().tokens().stream()
                .map(token -> new Token(
                        token.name(),
                        token.token(),
                        token.scopes().stream().map(Mapping::access).collect(Collectors.toUnmodifiableSet())))
                .toList();
    }

    private static Access access(Scope scope) {
        return switch (scope) {
            case CHAT -> Access.CHAT;
            case READ -> Access.READ;
            case OPERATE -> Access.OPERATE;
            case ADMIN -> Access.ADMIN;
        };
    }

    static Map<String, Allowance> allowances(HubConfig config) {
        var allowances = new LinkedHashMap<String, Allowance>();
        config.agents().forEach((id, agent) -> allowances.put(id, allowance(agent.spending())));
        return allowances;
    }

    private static Allowance allowance(Spending spending) {
        var limits = new EnumMap<Budget, Amount>(Budget.class);
        spending.daily().ifPresent(most -> limits.put(Budget.DAILY, Amount.of(most)));
        spending.monthly().ifPresent(most -> limits.put(Budget.MONTHLY, Amount.of(most)));
        return new Allowance(
                spending.price().map(price -> new Price(price.input(), price.output(), price.currency())),
                limits,
                spending.warnAt(),
                spending.zone(),
                spending.budgetText());
    }

    private static AgentSpec agent(AgentConfig agent, Duration openTimeout) {
        return new AgentSpec(
                agent.id(),
                agent.type(),
                openTimeout,
                agent.timeout(),
                agent.maxConcurrent(),
                agent.fallback(),
                agent.onFailure() == OnFailure.APOLOGISE ? AgentSpec.OnFailure.APOLOGISE : AgentSpec.OnFailure.SILENT,
                agent.failureText(),
                agent.breaker().failures(),
                agent.breaker().openFor(),
                agent.settings());
    }

    private static DeliveryPolicy policy(HubConfig.Delivery delivery) {
        return new DeliveryPolicy(
                delivery.backoff(),
                delivery.attempts(),
                delivery.queueLimit(),
                delivery.whenFull() == WhenFull.DROP_OLDEST,
                delivery.ttl(),
                delivery.jitter());
    }
}
