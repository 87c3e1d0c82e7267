package dev.meshdojo.gateway.telemetry;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.stream.format.JsonText;
import dev.meshdojo.gateway.stream.format.StructFormat;
import dev.meshdojo.gateway.stream.format.SubstitutionFormat;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One compiled access log: which streams it takes, where to, and in which format. Immutable. */
public final class AccessLog {

    private static final String DEFAULT_FORMAT =
            "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
                    + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
                    + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
                    + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
                    + " \"%UPSTREAM_HOST%\"\n";

    private final String path;
    private final LogFilter filter;
    private final Function<FormatContext, String> format;

    private AccessLog(String path, LogFilter filter, Function<FormatContext, String> format) {
        this.path = path;
        this.filter = filter;
        this.format = format;
    }

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when the log's type, filter or format is not supported
     */
    public static AccessLog compile(io.envoyproxy.envoy.config.accesslog.v3.AccessLog proto) {
        LogFilter filter =
                proto.hasFilter() ? LogFilter.compile(proto.getFilter()) : context -> true;
        Any config = proto.getTypedConfig();
        try {
            if (config.is(FileAccessLog.class)) {
                FileAccessLog file = config.unpack(FileAccessLog.class);
                return new AccessLog(file.getPath(), filter, fileFormat(file));
            }
            if (config.is(StdoutAccessLog.class)) {
                StdoutAccessLog out = config.unpack(StdoutAccessLog.class);
                return new AccessLog(
                        "/dev/stdout", filter, format(out.hasLogFormat(), out.getLogFormat()));
            }
            if (config.is(StderrAccessLog.class)) {
                StderrAccessLog err = config.unpack(StderrAccessLog.class);
                return new AccessLog(
                        "/dev/stderr", filter, format(err.hasLogFormat(), err.getLogFormat()));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as " + config.getTypeUrl());
        }
        throw new InvalidConfigException(
                "Didn't find a registered implementation for '"
                        + proto.getName()
                        + "' with type URL: '"
                        + config.getTypeUrl().substring(config.getTypeUrl().lastIndexOf('/') + 1)
                        + "'");
    }

    /** Compiles all of {@code protos}. */
    public static List<AccessLog> compileAll(
            List<io.envoyproxy.envoy.config.accesslog.v3.AccessLog> protos) {
        return protos.stream().map(AccessLog::compile).toList();
    }

    /** Where lines go, such as {@code /dev/stdout}. */
    public String path() {
        return path;
    }

    /** The line for a stream that has ended, line end included; null when the filter drops it. */
    public @Nullable String line(FormatContext context) {
        return filter.takes(context) ? format.apply(context) : null;
    }

    @SuppressWarnings("deprecation") // The one-field formats are still sent.
    private static Function<FormatContext, String> fileFormat(FileAccessLog file) {
        return switch (file.getAccessLogFormatCase()) {
            case LOG_FORMAT -> format(true, file.getLogFormat());
            case FORMAT -> text(file.getFormat(), false);
            case JSON_FORMAT -> json(file.getJsonFormat(), false);
            case TYPED_JSON_FORMAT -> json(file.getTypedJsonFormat(), false);
            case ACCESSLOGFORMAT_NOT_SET -> text(DEFAULT_FORMAT, false);
        };
    }

    @SuppressWarnings("deprecation") // text_format is still sent.
    private static Function<FormatContext, String> format(
            boolean given, SubstitutionFormatString format) {
        if (!given) {
            return text(DEFAULT_FORMAT, false);
        }
        boolean omitEmpty = format.getOmitEmptyValues();
        return switch (format.getFormatCase()) {
            case TEXT_FORMAT -> text(format.getTextFormat(), omitEmpty);
            case TEXT_FORMAT_SOURCE ->
                    text(format.getTextFormatSource().getInlineString(), omitEmpty);
            case JSON_FORMAT -> json(format.getJsonFormat(), omitEmpty);
            case FORMAT_NOT_SET ->
                    throw new InvalidConfigException(
                            "Proto constraint validation failed (field: \"format\", reason: is"
                                    + " required)");
        };
    }

    private static Function<FormatContext, String> text(String format, boolean omitEmpty) {
        SubstitutionFormat compiled = SubstitutionFormat.compile(format);
        return omitEmpty ? compiled::omitEmpty : compiled::dashEmpty;
    }

    private static Function<FormatContext, String> json(Struct format, boolean omitEmpty) {
        StructFormat compiled = StructFormat.compile(format, omitEmpty);
        return context -> JsonText.of(compiled.evaluate(context)) + "\n";
    }
}
