package dev.meshdojo.gateway.stream.format;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.StreamInfo;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The command operators: those with parameters here, those without in a table. */
final class CommandOperators {

    private static final Map<String, Command> WITHOUT_PARAMETERS =
            Map.ofEntries(
                    plain("PROTOCOL", StreamInfo::protocol),
                    plain("RESPONSE_CODE", StreamInfo::responseCode),
                    plain("RESPONSE_FLAGS", i -> ResponseFlag.print(i.responseFlags())),
                    plain("RESPONSE_FLAGS_LONG", CommandOperators::longFlags),
                    plain("BYTES_RECEIVED", StreamInfo::bytesReceived),
                    plain("BYTES_SENT", StreamInfo::bytesSent),
                    plain("DURATION", i -> i.duration().toMillis()),
                    plain("REQUEST_DURATION", i -> millis(i.requestDuration())),
                    plain("RESPONSE_DURATION", i -> millis(i.responseDuration())),
                    plain("REQUEST_TX_DURATION", i -> millis(i.requestDuration())),
                    plain("RESPONSE_TX_DURATION", CommandOperators::responseTx),
                    plain("UPSTREAM_HOST", StreamInfo::upstreamHost),
                    plain("UPSTREAM_REMOTE_ADDRESS", StreamInfo::upstreamHost),
                    plain("UPSTREAM_CLUSTER", StreamInfo::upstreamClusterAlias),
                    plain("UPSTREAM_CLUSTER_RAW", StreamInfo::upstreamCluster),
                    plain("UPSTREAM_LOCAL_ADDRESS", StreamInfo::upstreamLocalAddress),
                    plain("UPSTREAM_REQUEST_ATTEMPT_COUNT", StreamInfo::upstreamAttempts),
                    plain(
                            "UPSTREAM_TRANSPORT_FAILURE_REASON",
                            i -> noBlanks(i.upstreamTransportFailureReason())),
                    plain(
                            "DOWNSTREAM_TRANSPORT_FAILURE_REASON",
                            i -> noBlanks(i.downstreamTransportFailureReason())),
                    plain("ROUTE_NAME", i -> nonEmpty(i.routeName())),
                    plain("VIRTUAL_HOST_NAME", i -> nonEmpty(i.virtualHostName())),
                    plain("REQUESTED_SERVER_NAME", i -> hostName(i.requestedServerName())),
                    plain("CONNECTION_ID", StreamInfo::connectionId),
                    plain(
                            "CONNECTION_TERMINATION_DETAILS",
                            StreamInfo::connectionTerminationDetails),
                    address("DOWNSTREAM_REMOTE_ADDRESS", StreamInfo::downstreamRemoteAddress),
                    bare(
                            "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
                            StreamInfo::downstreamRemoteAddress),
                    port("DOWNSTREAM_REMOTE_PORT", StreamInfo::downstreamRemoteAddress),
                    address(
                            "DOWNSTREAM_DIRECT_REMOTE_ADDRESS",
                            StreamInfo::downstreamDirectRemoteAddress),
                    bare(
                            "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT",
                            StreamInfo::downstreamDirectRemoteAddress),
                    port(
                            "DOWNSTREAM_DIRECT_REMOTE_PORT",
                            StreamInfo::downstreamDirectRemoteAddress),
                    address("DOWNSTREAM_LOCAL_ADDRESS", StreamInfo::downstreamLocalAddress),
                    bare(
                            "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT",
                            StreamInfo::downstreamLocalAddress),
                    port("DOWNSTREAM_LOCAL_PORT", StreamInfo::downstreamLocalAddress));

    private CommandOperators() {}

    /**
     * The operator {@code name} with its parameters and length limit ({@code -1}: none).
     *
     * @throws InvalidConfigException when there is no such operator or it does not take these
     */
    static Command compile(String name, String parameters, int maxLength) {
        Command command =
                switch (name) {
                    case "REQ" -> requestHeader(name, parameters);
                    case "REQ_WITHOUT_QUERY" -> withoutQuery(requestHeader(name, parameters));
                    case "RESP" -> responseHeader(name, parameters, FormatContext::response);
                    case "TRAILER" ->
                            responseHeader(name, parameters, FormatContext::responseTrailers);
                    case "START_TIME" -> StartTimeFormat.compile(parameters);
                    case "DYNAMIC_METADATA" -> dynamicMetadata(required(name, parameters));
                    case "QUERY_PARAM" -> queryParameter(required(name, parameters));
                    case "PATH" -> path(parameters);
                    case "RESPONSE_CODE_DETAILS" -> details(parameters);
                    case "HOSTNAME" -> context -> null;
                    case "ENVIRONMENT" -> environment(required(name, parameters));
                    case "FILTER_STATE",
                            "UPSTREAM_METADATA",
                            "CLUSTER_METADATA",
                            "METADATA",
                            "PER_REQUEST_STATE",
                            "UPSTREAM_FILTER_STATE" ->
                            absent(name, parameters);
                    case "TRACE_ID", "SPAN_ID", "GRPC_STATUS", "GRPC_STATUS_NUMBER" ->
                            grpcOrTrace(name);
                    default -> withoutParameters(name, parameters, maxLength);
                };
        return maxLength < 0 ? command : truncated(command, maxLength);
    }

    private static Command withoutParameters(String name, String parameters, int maxLength) {
        Command command = WITHOUT_PARAMETERS.get(name);
        if (command == null) {
            command = TlsOperators.find(name);
        }
        if (command == null) {
            throw new InvalidConfigException("Not supported field in StreamInfo: " + name);
        }
        if (!parameters.isEmpty() || maxLength >= 0) {
            throw new InvalidConfigException(name + " does not take any parameters or length");
        }
        return command;
    }

    private static String required(String name, String parameters) {
        if (parameters.isEmpty()) {
            throw new InvalidConfigException(name + " requires parameters");
        }
        return parameters;
    }

    private static List<String> alternatives(String name, String parameters) {
        List<String> names =
                Arrays.asList(required(name, parameters).toLowerCase(Locale.ROOT).split("\\?", -1));
        if (names.size() > 2) {
            throw new InvalidConfigException(
                    "More than 1 alternative header specified in token: " + parameters);
        }
        return names;
    }

    private static Command requestHeader(String name, String parameters) {
        List<String> names = alternatives(name, parameters);
        return context -> {
            RequestHead request = context.request();
            return request == null ? null : firstOf(names, request::first);
        };
    }

    private static Command withoutQuery(Command command) {
        return context -> {
            Object value = command.evaluate(context);
            int query = value instanceof String text ? text.indexOf('?') : -1;
            return value instanceof String text && query >= 0 ? text.substring(0, query) : value;
        };
    }

    private static Command responseHeader(
            String name, String parameters, Function<FormatContext, @Nullable HeaderMap> lines) {
        List<String> names = alternatives(name, parameters);
        return context -> {
            HeaderMap headers = lines.apply(context);
            if (headers == null) {
                return null;
            }
            return firstOf(
                    names,
                    header ->
                            header.equals(":status")
                                    ? String.valueOf(context.info().responseCode())
                                    : headers.get(header));
        };
    }

    private static @Nullable String firstOf(
            List<String> names, Function<String, @Nullable String> lookup) {
        for (String name : names) {
            String value = lookup.apply(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static Command dynamicMetadata(String parameters) {
        List<String> parts = Arrays.asList(parameters.split(":", -1));
        List<String> path = parts.subList(1, parts.size());
        return context -> context.info().dynamicMetadata().find(parts.getFirst(), path);
    }

    private static Command queryParameter(String parameter) {
        return context -> {
            RequestHead request = context.request();
            if (request == null) {
                return null;
            }
            String path = request.path();
            int query = path.indexOf('?');
            for (String pair : query < 0 ? new String[0] : path.substring(query + 1).split("&")) {
                int equals = pair.indexOf('=');
                if ((equals < 0 ? pair : pair.substring(0, equals)).equals(parameter)) {
                    return equals < 0 ? "" : pair.substring(equals + 1);
                }
            }
            return null;
        };
    }

    private static Command path(String parameters) {
        List<String> options = List.of(parameters.split(":", -1));
        boolean withQuery = !options.getFirst().equals("NQ");
        String which = options.size() > 1 ? options.get(1) : "ORIG_OR_PATH";
        return context -> {
            RequestHead request = context.request();
            if (request == null) {
                return null;
            }
            String original = request.headers().get("x-envoy-original-path");
            String path =
                    switch (which) {
                        case "ORIG" -> original;
                        case "PATH" -> request.path();
                        default -> original != null ? original : request.path();
                    };
            int query = path == null ? -1 : path.indexOf('?');
            return path != null && !withQuery && query >= 0 ? path.substring(0, query) : path;
        };
    }

    private static Command details(String parameters) {
        boolean keepBlanks = parameters.equals("ALLOW_WHITESPACES");
        return context -> {
            String details = context.info().responseCodeDetails();
            return keepBlanks ? details : noBlanks(details);
        };
    }

    private static Command environment(String name) {
        String key = name.split(":", -1)[0];
        String value = System.getenv(key);
        return context -> value;
    }

    private static Command absent(String name, String parameters) {
        required(name, parameters);
        return context -> null;
    }

    private static Command grpcOrTrace(String name) {
        if (!name.startsWith("GRPC")) {
            return context -> null;
        }
        return context -> {
            HeaderMap trailers = context.responseTrailers();
            String status = trailers == null ? null : trailers.get("grpc-status");
            HeaderMap response = context.response();
            return status == null && response != null ? response.get("grpc-status") : status;
        };
    }

    private static Command truncated(Command command, int maxLength) {
        return context -> {
            Object value = command.evaluate(context);
            return value == null ? null : JsonText.truncate(JsonText.print(value), maxLength);
        };
    }

    private static Map.Entry<String, Command> plain(
            String name, Function<StreamInfo, @Nullable Object> value) {
        return Map.entry(name, context -> value.apply(context.info()));
    }

    private static Map.Entry<String, Command> address(
            String name, Function<StreamInfo, InetSocketAddress> value) {
        return plain(name, info -> SocketAddresses.print(value.apply(info)));
    }

    private static Map.Entry<String, Command> bare(
            String name, Function<StreamInfo, InetSocketAddress> value) {
        return plain(name, info -> SocketAddresses.host(value.apply(info)));
    }

    private static Map.Entry<String, Command> port(
            String name, Function<StreamInfo, InetSocketAddress> value) {
        return plain(name, info -> value.apply(info).getPort());
    }

    private static @Nullable Object longFlags(StreamInfo info) {
        if (info.responseFlags().isEmpty()) {
            return "-";
        }
        List<String> names = new ArrayList<>();
        for (ResponseFlag flag : ResponseFlag.values()) {
            if (info.responseFlags().contains(flag)) {
                names.add(flag.longName());
            }
        }
        return String.join(",", names);
    }

    private static @Nullable Object responseTx(StreamInfo info) {
        Duration first = info.responseDuration();
        return first == null ? null : info.duration().minus(first).toMillis();
    }

    private static @Nullable Object millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    /** A name that a client made up may hold anything; logs get only what a host name may hold. */
    private static @Nullable String hostName(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        String clean = name.replaceAll("[^a-zA-Z0-9._-]", "_");
        return clean.equals(name) ? name : "invalid:" + clean;
    }

    private static @Nullable String nonEmpty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable String noBlanks(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text.replace(' ', '_');
    }
}
