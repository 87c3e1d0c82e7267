package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor.CommonDirectionConfig;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Expands gzip requests and responses. Source: Envoy "Decompressor".
 *
 * <p>Not modelled: the trailers that tell the sizes; brotli and zstd, which are refused by name.
 */
public final class DecompressorFilter implements HttpFilter {

    private final String name;
    private final boolean requests;
    private final boolean responses;
    private final boolean advertise;

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when the library is not gzip
     */
    public DecompressorFilter(String name, Decompressor proto) {
        this.name = name;
        GzipLibrary.require(
                proto.getDecompressorLibrary(),
                "envoy.extensions.compression.gzip.decompressor.v3.Gzip");
        var request = proto.getRequestDirectionConfig();
        requests = enabled(request.getCommonConfig());
        responses = enabled(proto.getResponseDirectionConfig().getCommonConfig());
        advertise =
                !request.hasAdvertiseAcceptEncoding()
                        || request.getAdvertiseAcceptEncoding().getValue();
    }

    private static boolean enabled(CommonDirectionConfig common) {
        return !common.hasEnabled() || common.getEnabled().getDefaultValue().getValue();
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
        private boolean expandRequest;
        private boolean expandResponse;

        @Override
        public String name() {
            return name;
        }

        @Override
        public FilterResult onRequest(FilterContext context) {
            HeaderMap headers = context.request().headers();
            if (responses && advertise) {
                String accepted = headers.joined("accept-encoding");
                if (accepted == null || accepted.isEmpty()) {
                    headers.set("accept-encoding", "gzip");
                } else if (!accepted.toLowerCase(Locale.ROOT).contains("gzip")) {
                    headers.set("accept-encoding", accepted + ",gzip");
                }
            }
            expandRequest = requests && !context.requestEnded() && expand(headers);
            return FilterResult.proceed();
        }

        @Override
        public FilterResult onResponse(FilterContext context, ResponseHead response, boolean end) {
            expandResponse = responses && !end && expand(response.headers());
            return FilterResult.proceed();
        }

        @Override
        public @Nullable BodyTransform requestBody() {
            return expandRequest ? new GzipExpansion() : null;
        }

        @Override
        public @Nullable BodyTransform responseBody() {
            return expandResponse ? new GzipExpansion() : null;
        }
    }

    /** Takes the first encoding off when it is gzip. */
    private static boolean expand(HeaderMap headers) {
        String encoding = headers.joined("content-encoding");
        String caching = headers.joined("cache-control");
        if (encoding == null
                || (caching != null && caching.toLowerCase(Locale.ROOT).contains("no-transform"))) {
            return false;
        }
        int comma = encoding.lastIndexOf(',');
        if (!encoding.substring(comma + 1).strip().equalsIgnoreCase("gzip")) {
            return false;
        }
        headers.remove("content-length");
        if (comma < 0) {
            headers.remove("content-encoding");
        } else {
            headers.set("content-encoding", encoding.substring(0, comma).strip());
        }
        return true;
    }
}
