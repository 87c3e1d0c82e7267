package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.CommonDirectionConfig;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compresses responses for clients that accept gzip. Source: Envoy "Compressor".
 *
 * <p>Not modelled: requests; brotli and zstd, which are refused by name.
 */
public final class CompressorFilter implements HttpFilter {

    private static final int DEFAULT_MIN_LENGTH = 30;
    private static final List<String> DEFAULT_TYPES =
            List.of(
                    "text/html",
                    "text/plain",
                    "text/css",
                    "application/javascript",
                    "application/x-javascript",
                    "text/javascript",
                    "text/x-javascript",
                    "text/ecmascript",
                    "text/js",
                    "text/jscript",
                    "text/x-js",
                    "application/ecmascript",
                    "application/x-json",
                    "application/xml",
                    "application/json",
                    "image/svg+xml",
                    "text/xml",
                    "application/xhtml+xml");

    private final String name;
    private final boolean enabled;
    private final long minLength;
    private final List<String> types;
    private final boolean exceptEtag;
    private final boolean removeAcceptEncoding;
    private final Set<Integer> uncompressible;

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when the library is not gzip
     */
    @SuppressWarnings(
            "deprecation") // the fields that response_direction_config replaced still work
    public CompressorFilter(String name, Compressor proto) {
        this.name = name;
        GzipLibrary.require(
                proto.getCompressorLibrary(),
                "envoy.extensions.compression.gzip.compressor.v3.Gzip");
        boolean modern = proto.hasResponseDirectionConfig();
        var direction = proto.getResponseDirectionConfig();
        CommonDirectionConfig common = direction.getCommonConfig();
        enabled =
                modern
                        ? !common.hasEnabled() || common.getEnabled().getDefaultValue().getValue()
                        : !proto.hasRuntimeEnabled()
                                || proto.getRuntimeEnabled().getDefaultValue().getValue();
        minLength =
                modern && common.hasMinContentLength()
                        ? common.getMinContentLength().getValue()
                        : proto.hasContentLength()
                                ? proto.getContentLength().getValue()
                                : DEFAULT_MIN_LENGTH;
        List<String> chosen = modern ? common.getContentTypeList() : proto.getContentTypeList();
        types = chosen.isEmpty() ? DEFAULT_TYPES : List.copyOf(chosen);
        exceptEtag = modern ? direction.getDisableOnEtagHeader() : proto.getDisableOnEtagHeader();
        removeAcceptEncoding =
                modern
                        ? direction.getRemoveAcceptEncodingHeader()
                        : proto.getRemoveAcceptEncodingHeader();
        uncompressible = Set.copyOf(direction.getUncompressibleResponseCodesList());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean holdsResponses() {
        return true;
    }

    @Override
    public HttpFilter forExchange(FilterContext context) {
        return new Session();
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        return FilterResult.proceed();
    }

    private final class Session implements HttpFilter {
        private @Nullable String accepted;
        private boolean compressing;

        @Override
        public String name() {
            return name;
        }

        @Override
        public FilterResult onRequest(FilterContext context) {
            HeaderMap headers = context.request().headers();
            accepted = headers.joined("accept-encoding");
            if (removeAcceptEncoding) {
                headers.remove("accept-encoding");
            }
            return FilterResult.proceed();
        }

        @Override
        public FilterResult onResponse(FilterContext context, ResponseHead response, boolean end) {
            HeaderMap headers = response.headers();
            boolean compressible = enabled && compressible(response);
            if (compressible && !end && AcceptEncoding.gzip(accepted)) {
                compressing = true;
                String etag = headers.get("etag");
                if (etag != null && !etag.startsWith("W/")) {
                    headers.set("etag", "W/" + etag);
                }
                headers.remove("content-length");
                headers.set("content-encoding", "gzip");
            }
            if (compressible) {
                vary(headers);
            }
            return FilterResult.proceed();
        }

        @Override
        public @Nullable BodyTransform responseBody() {
            return compressing ? new GzipCompression() : null;
        }
    }

    private boolean compressible(ResponseHead response) {
        HeaderMap headers = response.headers();
        String length = headers.get("content-length");
        String type = headers.get("content-type");
        String caching = headers.joined("cache-control");
        return (length == null || longEnough(length))
                && (type == null || types.contains(plain(type)))
                && !headers.contains("content-encoding")
                && (caching == null || !caching.toLowerCase(Locale.ROOT).contains("no-transform"))
                && !(exceptEtag && headers.contains("etag"))
                && !uncompressible.contains(response.status());
    }

    private boolean longEnough(String length) {
        try {
            return Long.parseLong(length) >= minLength;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String plain(String type) {
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private static void vary(HeaderMap headers) {
        String vary = headers.joined("vary");
        if (vary == null) {
            headers.set("vary", "Accept-Encoding");
        } else if (!vary.toLowerCase(Locale.ROOT).contains("accept-encoding")) {
            headers.set("vary", vary + ", Accept-Encoding");
        }
    }
}
