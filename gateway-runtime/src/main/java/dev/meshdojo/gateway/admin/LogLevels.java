package dev.meshdojo.gateway.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The levels of Envoy's loggers as {@code /logging} shows and sets them. This proxy writes no such
 * logs; the levels are kept so that tools that set them read them back. Thread-safe.
 */
final class LogLevels {

    private static final List<String> LOGGERS =
            List.of(
                    ("a2a admin ai_protocol_manager alternate_protocols_cache aws assert backtrace"
                                    + " basic_auth cache_filter client config connection conn_handler"
                                    + " compression credential_injector decompression dns dubbo envoy_bug"
                                    + " ext_authz ext_proc rocketmq file filter forward_proxy geolocation grpc"
                                    + " happy_eyeballs hc health_checker http http2 hystrix init io jwt"
                                    + " json_rpc kafka key_value_store lua local_rate_limit main matcher mcp"
                                    + " misc mongo multi_connection notification oauth2 quic quic_stream pool"
                                    + " rate_limit_quota rbac rds redis router runtime stats secret sse tap"
                                    + " testing thrift tracing upstream udp wasm websocket golang stats_sinks"
                                    + " dynamic_modules ip_tagging")
                            .split(" "));
    private static final Set<String> LEVELS =
            Set.of("trace", "debug", "info", "warning", "warn", "error", "critical", "off");

    private static final String USAGE =
            """
            usage: /logging?<name>=<level> (change single level)
            usage: /logging?paths=name1:level1,name2:level2,... (change multiple levels)
            usage: /logging?level=<level> (change all levels)
            usage: /logging?group=<group_name>:<level> (change group of loggers)
            levels: trace debug info warning error critical off\s
            """;

    private final Map<String, String> set = new ConcurrentHashMap<>();

    /** Answers {@code /logging}. */
    AdminResponse page(Map<String, String> query) {
        String error = query.isEmpty() ? null : change(query);
        StringBuilder text = new StringBuilder();
        if (error != null) {
            text.append("error: ").append(error).append("\n\n").append(USAGE);
        }
        text.append("active loggers:\n");
        for (String logger : LOGGERS) {
            text.append("  ")
                    .append(logger)
                    .append(": ")
                    .append(set.getOrDefault(logger, "warning"))
                    .append('\n');
        }
        return AdminResponse.text(error == null ? 200 : 400, text.append('\n').toString());
    }

    /** What is wrong with it; null when it was done. */
    private @Nullable String change(Map<String, String> query) {
        if (query.size() != 1) {
            return "invalid number of parameters";
        }
        Map.Entry<String, String> only = query.entrySet().iterator().next();
        Map<String, String> wanted = new LinkedHashMap<>();
        switch (only.getKey()) {
            case "level" -> LOGGERS.forEach(logger -> wanted.put(logger, only.getValue()));
            case "paths" -> {
                for (String pair : only.getValue().split(",")) {
                    int colon = pair.indexOf(':');
                    if (colon <= 0 || colon == pair.length() - 1) {
                        return "empty logger name or empty logger level";
                    }
                    wanted.put(pair.substring(0, colon), pair.substring(colon + 1));
                }
            }
            default -> wanted.put(only.getKey(), only.getValue());
        }
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            if (!LEVELS.contains(each.getValue())) {
                return "unknown logger level";
            }
            if (!LOGGERS.contains(each.getKey())) {
                return "unknown logger name";
            }
        }
        wanted.forEach((logger, level) -> set.put(logger, name(level)));
        return null;
    }

    private static String name(String level) {
        return level.equals("warn") ? "warning" : level;
    }
}
