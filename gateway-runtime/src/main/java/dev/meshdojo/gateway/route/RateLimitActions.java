package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.route.match.QueryParameters;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What rate limit filters count a request by: each limit's actions give the entries of one
 * descriptor, and one action without a result takes the descriptor away. Immutable.
 *
 * <p>Source: Envoy's {@code RateLimit.Action}.
 */
public final class RateLimitActions {

    /** Nothing to count by. */
    public static final RateLimitActions NONE = new RateLimitActions(List.of());

    /** One key and value of a descriptor. */
    public record Entry(String key, String value) {}

    /** Gives no entry when null; {@link #SKIPPED} when the action does not count. */
    @FunctionalInterface
    private interface Source {
        @Nullable Entry of(RequestHead request, StreamInfo info);
    }

    private static final Entry SKIPPED = new Entry("", "");

    private record Limit(int stage, List<Source> sources) {}

    private final List<Limit> limits;

    private RateLimitActions(List<Limit> limits) {
        this.limits = List.copyOf(limits);
    }

    /**
     * Compiles {@code protos}.
     *
     * @throws InvalidConfigException when one has an action that cannot be run
     */
    public static RateLimitActions compile(List<RateLimit> protos) {
        if (protos.isEmpty()) {
            return NONE;
        }
        return new RateLimitActions(
                protos.stream()
                        .map(
                                proto ->
                                        new Limit(
                                                proto.getStage().getValue(),
                                                proto.getActionsList().stream()
                                                        .map(RateLimitActions::source)
                                                        .toList()))
                        .toList());
    }

    /** Whether there is nothing to count by. */
    public boolean isEmpty() {
        return limits.isEmpty();
    }

    /** The descriptors of a request for filters of {@code stage}. */
    public List<List<Entry>> descriptors(int stage, RequestHead request, StreamInfo info) {
        List<List<Entry>> all = new ArrayList<>();
        for (Limit limit : limits) {
            List<Entry> entries =
                    limit.stage() == stage ? entries(limit, request, info) : List.of();
            if (!entries.isEmpty()) {
                all.add(entries);
            }
        }
        return all;
    }

    private static List<Entry> entries(Limit limit, RequestHead request, StreamInfo info) {
        List<Entry> entries = new ArrayList<>(limit.sources().size());
        for (Source source : limit.sources()) {
            Entry entry = source.of(request, info);
            if (entry == null) {
                return List.of();
            }
            if (!entry.equals(SKIPPED)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static Source source(Action action) {
        return switch (action.getActionSpecifierCase()) {
            case GENERIC_KEY -> {
                String key = or(action.getGenericKey().getDescriptorKey(), "generic_key");
                Entry entry = new Entry(key, action.getGenericKey().getDescriptorValue());
                yield (request, info) -> entry;
            }
            case REQUEST_HEADERS -> {
                var header = action.getRequestHeaders();
                String name = header.getHeaderName().toLowerCase(Locale.ROOT);
                String key = header.getDescriptorKey();
                yield (request, info) -> entry(key, request.first(name), header.getSkipIfAbsent());
            }
            case QUERY_PARAMETERS -> {
                var query = action.getQueryParameters();
                String name = query.getQueryParameterName();
                String key = query.getDescriptorKey();
                yield (request, info) ->
                        entry(
                                key,
                                QueryParameters.parse(request.path()).get(name),
                                query.getSkipIfAbsent());
            }
            case REMOTE_ADDRESS ->
                    (request, info) ->
                            new Entry(
                                    "remote_address",
                                    info.downstreamRemoteAddress().getAddress().getHostAddress());
            case HEADER_VALUE_MATCH -> {
                var match = action.getHeaderValueMatch();
                List<HeaderMatch> headers = HeaderMatch.compileAll(match.getHeadersList());
                boolean expected = !match.hasExpectMatch() || match.getExpectMatch().getValue();
                Entry entry =
                        new Entry(
                                or(match.getDescriptorKey(), "header_match"),
                                match.getDescriptorValue());
                yield (request, info) ->
                        headers.stream().allMatch(each -> each.matches(request)) == expected
                                ? entry
                                : null;
            }
            case DESTINATION_CLUSTER ->
                    (request, info) -> entry("destination_cluster", info.upstreamCluster(), false);
            case METADATA -> metadata(action.getMetadata());
            default ->
                    throw new InvalidConfigException(
                            "rate_limits: action "
                                    + action.getActionSpecifierCase()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                    + " is not supported by this proxy; use generic_key,"
                                    + " request_headers, query_parameters, remote_address,"
                                    + " header_value_match, destination_cluster or metadata");
        };
    }

    private static Source metadata(Action.MetaData proto) {
        String namespace = proto.getMetadataKey().getKey();
        List<String> path =
                proto.getMetadataKey().getPathList().stream()
                        .map(segment -> segment.getKey())
                        .toList();
        return (request, info) -> {
            Object found = info.dynamicMetadata().find(namespace, path);
            String value =
                    found instanceof String text && !text.isEmpty()
                            ? text
                            : proto.getDefaultValue();
            return entry(
                    proto.getDescriptorKey(),
                    value.isEmpty() ? null : value,
                    proto.getSkipIfAbsent());
        };
    }

    private static @Nullable Entry entry(String key, @Nullable String value, boolean skipIfAbsent) {
        if (value == null) {
            return skipIfAbsent ? SKIPPED : null;
        }
        return new Entry(key, value);
    }

    private static String or(String given, String byDefault) {
        return given.isEmpty() ? byDefault : given;
    }
}
