package dev.meshdojo.gateway.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.format.FormatContext;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Which streams an access log takes. */
@FunctionalInterface
interface LogFilter {

    boolean takes(FormatContext context);

    static LogFilter compile(AccessLogFilter filter) {
        return switch (filter.getFilterSpecifierCase()) {
            case STATUS_CODE_FILTER ->
                    comparison(
                            filter.getStatusCodeFilter().getComparison(),
                            context -> context.info().responseCode());
            case DURATION_FILTER ->
                    comparison(
                            filter.getDurationFilter().getComparison(),
                            context -> context.info().duration().toMillis());
            case AND_FILTER -> {
                List<LogFilter> all =
                        filter.getAndFilter().getFiltersList().stream()
                                .map(LogFilter::compile)
                                .toList();
                yield context -> all.stream().allMatch(one -> one.takes(context));
            }
            case OR_FILTER -> {
                List<LogFilter> any =
                        filter.getOrFilter().getFiltersList().stream()
                                .map(LogFilter::compile)
                                .toList();
                yield context -> any.stream().anyMatch(one -> one.takes(context));
            }
            case HEADER_FILTER -> {
                HeaderMatch match = HeaderMatch.compile(filter.getHeaderFilter().getHeader());
                yield context -> context.request() != null && match.matches(context.request());
            }
            case RESPONSE_FLAG_FILTER -> {
                Set<String> codes = Set.copyOf(filter.getResponseFlagFilter().getFlagsList());
                yield context ->
                        context.info().responseFlags().stream()
                                .map(ResponseFlag::code)
                                .anyMatch(code -> codes.isEmpty() || codes.contains(code));
            }
            case NOT_HEALTH_CHECK_FILTER, TRACEABLE_FILTER -> context -> true;
            case EXTENSION_FILTER -> extension(filter.getExtensionFilter());
            case RUNTIME_FILTER, GRPC_STATUS_FILTER, METADATA_FILTER, LOG_TYPE_FILTER ->
                    throw new InvalidConfigException(
                            "access log filter "
                                    + filter.getFilterSpecifierCase()
                                    + " is not supported here; use status_code_filter,"
                                    + " response_flag_filter or header_filter");
            case FILTERSPECIFIER_NOT_SET ->
                    throw new InvalidConfigException(
                            "Proto constraint validation failed (field: \"filter_specifier\","
                                    + " reason: is required)");
        };
    }

    private static LogFilter extension(ExtensionFilter filter) {
        if (!filter.getTypedConfig().is(ExpressionFilter.class)) {
            throw new InvalidConfigException(
                    "Didn't find a registered implementation for '"
                            + filter.getName()
                            + "' with type URL: '"
                            + filter.getTypedConfig()
                                    .getTypeUrl()
                                    .substring(
                                            filter.getTypedConfig().getTypeUrl().lastIndexOf('/')
                                                    + 1)
                            + "'");
        }
        try {
            return CelLogFilter.compile(
                    filter.getTypedConfig().unpack(ExpressionFilter.class).getExpression());
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as " + filter.getName());
        }
    }

    private static LogFilter comparison(
            ComparisonFilter filter, ToLongFunction<FormatContext> value) {
        long wanted = Integer.toUnsignedLong(filter.getValue().getDefaultValue());
        return switch (filter.getOp()) {
            case EQ, UNRECOGNIZED -> context -> value.applyAsLong(context) == wanted;
            case GE -> context -> value.applyAsLong(context) >= wanted;
            case LE -> context -> value.applyAsLong(context) <= wanted;
        };
    }
}
