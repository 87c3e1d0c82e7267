package dev.meshdojo.gateway.stream.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubstitutionFormatTest {

    private final FixedStreamInfo info = new FixedStreamInfo();
    private final RequestHead request =
            new RequestHead(
                    "GET",
                    "http",
                    "a.example.com:80",
                    "/p/q?x=1&y",
                    HeaderMap.of("x-source", "s", "x-long", "abcdefgh"));
    private final HeaderMap response = HeaderMap.of("x-answer", "42");

    private FormatContext context() {
        return new FormatContext(request, response, null, info);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "plain|plain",
                "100%%|100%",
                "%REQ(x-source)%|s",
                "%REQ(X-Source)%|s",
                "%REQ(x-none?x-source)%|s",
                "%REQ(x-none)%|-",
                "%REQ(x-long):3%|abc",
                "%REQ(:path)%|/p/q?x=1&y",
                "%REQ(:METHOD)%|GET",
                "%REQ(:authority)%|a.example.com:80",
                "%RESP(x-answer)%|42",
                "%PROTOCOL%|HTTP/1.1",
                "p=%PROTOCOL%;m=%REQ(:METHOD)%|p=HTTP/1.1;m=GET",
                "%DOWNSTREAM_REMOTE_ADDRESS%|203.0.113.7:40000",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%|203.0.113.7",
                "%DOWNSTREAM_REMOTE_PORT%|40000",
                "%DOWNSTREAM_LOCAL_ADDRESS%|10.1.0.5:8080",
                "%START_TIME%|2026-03-01T12:34:56.789Z",
                "%START_TIME(%Y/%m/%dT%H:%M:%S.%3f)%|2026/03/01T12:34:56.789",
                "%START_TIME(%s)%|1772368496",
                "%BYTES_RECEIVED%/%BYTES_SENT%/%DURATION%|5/11/42",
                "%RESPONSE_FLAGS%|-",
                "%ROUTE_NAME%|-",
                "%QUERY_PARAM(x)%|1",
                "%QUERY_PARAM(z)%|-",
                "%DOWNSTREAM_TLS_VERSION%|-",
                "%DYNAMIC_METADATA(f:a:b)%|deep",
                "%DYNAMIC_METADATA(f:a)%|{\"b\":\"deep\"}",
            })
    void evaluatesOperators(String format, String expected) {
        info.dynamicMetadata().put("f", "a", Map.of("b", "deep"));

        assertThat(SubstitutionFormat.compile(format).dashEmpty(context())).isEqualTo(expected);
    }

    @Test
    void printsFlagsInTheOrderOfEnvoy() {
        info.flags.addAll(
                List.of(
                        ResponseFlag.UPSTREAM_CONNECTION_FAILURE,
                        ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED,
                        ResponseFlag.DELAY_INJECTED));

        assertThat(SubstitutionFormat.compile("%RESPONSE_FLAGS%").dashEmpty(context()))
                .isEqualTo("DI,URX,UF");
    }

    @Test
    void writesBlanksInDetailsAsUnderscores() {
        info.details = "upstream reset {connection termination}";

        assertThat(SubstitutionFormat.compile("%RESPONSE_CODE_DETAILS%").dashEmpty(context()))
                .isEqualTo("upstream_reset_{connection_termination}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "%|Incorrect configuration: %. Couldn't find valid command at position 0",
                "100% sure|Incorrect configuration: 100% sure. Couldn't find valid command at"
                        + " position 3",
                "a%%%|Incorrect configuration: a%%%. Couldn't find valid command at position 3",
                "%req(x)%|Incorrect configuration: %req(x)%. Couldn't find valid command at"
                        + " position 0",
                "%FOO%|Not supported field in StreamInfo: FOO",
                "%REQ%|REQ requires parameters",
                "%REQ()%|REQ requires parameters",
                "%REQ(x?y?z)%|More than 1 alternative header specified in token: x?y?z",
                "%PROTOCOL(x)%|PROTOCOL does not take any parameters or length",
                "%PROTOCOL:3%|PROTOCOL does not take any parameters or length",
                "%DYNAMIC_METADATA%|DYNAMIC_METADATA requires parameters",
            })
    void refusesInvalidFormatsInTheWordsOfEnvoy(String format, String message) {
        assertThatThrownBy(() -> SubstitutionFormat.compile(format))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(message);
    }

    @Test
    void printsIpv6AddressesInBracketsAndCompressed() {
        info.remote = FixedStreamInfo.address("fd00:0:0:1::2", 443);

        assertThat(SubstitutionFormat.compile("%DOWNSTREAM_REMOTE_ADDRESS%").dashEmpty(context()))
                .isEqualTo("[fd00:0:0:1::2]:443");
    }
}
