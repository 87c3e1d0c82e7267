package dev.meshdojo.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.format.FormatContext;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An access log with a CEL expression takes the streams for which it is true")
class AccessLogFilterTest {

    private static AccessLog log(String expression) {
        FileAccessLog.Builder file = FileAccessLog.newBuilder().setPath("/dev/stdout");
        file.getLogFormatBuilder().getTextFormatSourceBuilder().setInlineString("taken");
        var proto =
                io.envoyproxy.envoy.config.accesslog.v3.AccessLog.newBuilder()
                        .setName("file")
                        .setTypedConfig(Any.pack(file.build()));
        proto.getFilterBuilder()
                .getExtensionFilterBuilder()
                .setName("cel")
                .setTypedConfig(
                        Any.pack(ExpressionFilter.newBuilder().setExpression(expression).build()));
        return AccessLog.compile(proto.build());
    }

    private static FormatContext request() {
        FixedStreamInfo info = new FixedStreamInfo();
        info.status = 503;
        info.details = "no_healthy_upstream";
        info.flags.add(ResponseFlag.NO_HEALTHY_UPSTREAM);
        info.upstreamCluster = "outbound|80||alpha.apps.svc.cluster.local";
        return new FormatContext(
                new RequestHead(
                        "GET",
                        "http",
                        "a.example.com",
                        "/x/y?q=1",
                        HeaderMap.of("X-User", "jo", "user-agent", "curl")),
                HeaderMap.of("server", "istio-envoy"),
                null,
                info);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    response.code >= 400                                    | true
                    response.code < 400                                     | false
                    response.code_details == 'no_healthy_upstream'          | true
                    response.flags == 2                                     | true
                    request.path == '/x/y?q=1'                              | true
                    request.url_path == '/x/y'                              | true
                    request.url_path.startsWith('/health')                  | false
                    request.method == 'GET' && request.host == 'a.example.com' | true
                    request.headers['x-user'] == 'jo'                       | true
                    'x-absent' in request.headers                           | false
                    request.headers['x-absent'] == 'jo'                     | false
                    has(request.headers.nothing)                            | false
                    request.useragent.matches('^cu.l$')                     | true
                    request.duration > duration('1s')                       | false
                    request.duration > duration('1ms')                      | true
                    connection.mtls                                         | false
                    xds.cluster_name.contains('alpha')                      | true
                    source.address.startsWith('203.0.113.7:')               | true
                    upstream.address == 'x'                                 | false
                    nobody.knows                                            | false
                    response.code                                           | false
                    """)
    void expressions(String expression, boolean taken) {
        assertThat(log(expression).line(request())).isEqualTo(taken ? "taken" : null);
    }

    @Test
    @DisplayName("an expression that does not parse is refused")
    void refused() {
        assertThatThrownBy(() -> log("response.code >="))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("Not able to parse expression");
    }
}
