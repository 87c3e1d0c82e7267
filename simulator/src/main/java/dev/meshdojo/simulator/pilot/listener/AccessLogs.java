package dev.meshdojo.simulator.pilot.listener;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.ConfigMetadata;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.core.v3.JsonFormatOptions;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how the proxy logs requests: as a Telemetry resource says, else as the mesh
 * configuration does.
 *
 * @param logs the loggers in force
 * @param listeners whether listeners log too
 */
record AccessLogs(List<AccessLog> logs, boolean listeners) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String WITHOUT_QUERY = "%REQ_WITHOUT_QUERY";
    private static final TypedExtensionConfig WITHOUT_QUERY_FORMATTER =
            TypedExtensionConfig.newBuilder()
                    .setName("envoy.formatter.req_without_query")
                    .setTypedConfig(Any.pack(ReqWithoutQuery.getDefaultInstance()))
                    .build();

    private static final String TEXT =
            "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
                    + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
                    + " %CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""
                    + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
                    + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
                    + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
                    + " \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS%"
                    + " %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
                    + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";

    private static final Map<String, String> JSON =
            Map.ofEntries(
                    Map.entry("start_time", "%START_TIME%"),
                    Map.entry("route_name", "%ROUTE_NAME%"),
                    Map.entry("method", "%REQ(:METHOD)%"),
                    Map.entry("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%"),
                    Map.entry("protocol", "%PROTOCOL%"),
                    Map.entry("response_code", "%RESPONSE_CODE%"),
                    Map.entry("response_flags", "%RESPONSE_FLAGS%"),
                    Map.entry("response_code_details", "%RESPONSE_CODE_DETAILS%"),
                    Map.entry("connection_termination_details", "%CONNECTION_TERMINATION_DETAILS%"),
                    Map.entry("bytes_received", "%BYTES_RECEIVED%"),
                    Map.entry("bytes_sent", "%BYTES_SENT%"),
                    Map.entry("duration", "%DURATION%"),
                    Map.entry("upstream_service_time", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"),
                    Map.entry("x_forwarded_for", "%REQ(X-FORWARDED-FOR)%"),
                    Map.entry("user_agent", "%REQ(USER-AGENT)%"),
                    Map.entry("request_id", "%REQ(X-REQUEST-ID)%"),
                    Map.entry("authority", "%REQ(:AUTHORITY)%"),
                    Map.entry("upstream_host", "%UPSTREAM_HOST%"),
                    Map.entry("upstream_cluster", "%UPSTREAM_CLUSTER_RAW%"),
                    Map.entry("upstream_local_address", "%UPSTREAM_LOCAL_ADDRESS%"),
                    Map.entry("downstream_local_address", "%DOWNSTREAM_LOCAL_ADDRESS%"),
                    Map.entry("downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%"),
                    Map.entry("requested_server_name", "%REQUESTED_SERVER_NAME%"),
                    Map.entry(
                            "upstream_transport_failure_reason",
                            "%UPSTREAM_TRANSPORT_FAILURE_REASON%"));

    static AccessLogs of(MeshModel model, ProxyIdentity proxy) {
        MeshConfig mesh = model.mesh();
        boolean listeners = !mesh.view().flag("disableEnvoyListenerLog");
        Telemetries telemetries = Telemetries.of(model, proxy);
        List<AccessLog> logs = new ArrayList<>();
        boolean known = false;
        if (telemetries.setsLogging()) {
            for (Map.Entry<String, Telemetries.Logging> entry : telemetries.logging().entrySet()) {
                AccessLog log = provided(mesh, entry.getKey());
                known |= log != null;
                if (log != null && !entry.getValue().disabled()) {
                    logs.add(filtered(log, entry.getValue().filter()));
                }
            }
        }
        String path = mesh.view().text("accessLogFile");
        if (!known && !path.isEmpty()) {
            logs.add(file(path, meshFormat(mesh)));
        }
        return new AccessLogs(logs, listeners);
    }

    private static @Nullable AccessLog provided(MeshConfig mesh, String name) {
        JsonView provider = mesh.extensionProvider(name);
        JsonView file = provider.at("envoyFileAccessLog");
        if (!file.present()) {
            return null;
        }
        String path = file.text("path");
        boolean omitEmpty = file.flag("omitEmptyValues");
        JsonView format = file.at("logFormat");
        boolean builtIn = provider.text("name").equals("envoy");
        if (builtIn && !format.present() && !omitEmpty) {
            return file(path, meshFormat(mesh));
        }
        SubstitutionFormatString.Builder out =
                format.has("labels") ? json(format.at("labels")) : text(format.text("text"));
        return file(path.isEmpty() ? "/dev/stdout" : path, out.setOmitEmptyValues(omitEmpty));
    }

    private static AccessLog filtered(AccessLog log, String expression) {
        if (expression.isEmpty()) {
            return log;
        }
        AccessLog.Builder out = log.toBuilder();
        out.getFilterBuilder()
                .getExtensionFilterBuilder()
                .setName("envoy.access_loggers.extension_filters.cel")
                .setTypedConfig(
                        Any.pack(ExpressionFilter.newBuilder().setExpression(expression).build()));
        return out.build();
    }

    /** The loggers for connections that no filter chain takes. */
    List<AccessLog> forListener() {
        return listeners ? logs.stream().map(AccessLogs::withoutRoute).toList() : List.of();
    }

    private static AccessLog withoutRoute(AccessLog log) {
        AccessLogFilter flags =
                AccessLogFilter.newBuilder()
                        .setResponseFlagFilter(ResponseFlagFilter.newBuilder().addFlags("NR"))
                        .build();
        AccessLogFilter filter =
                log.hasFilter()
                        ? AccessLogFilter.newBuilder()
                                .setAndFilter(
                                        AndFilter.newBuilder()
                                                .addFilters(flags)
                                                .addFilters(log.getFilter()))
                                .build()
                        : flags;
        return log.toBuilder().setFilter(filter).build();
    }

    private static SubstitutionFormatString.Builder meshFormat(MeshConfig mesh) {
        String written = mesh.view().text("accessLogFormat");
        if (!mesh.view().text("accessLogEncoding").equals("JSON")) {
            return text(written);
        }
        JsonView fields = JsonView.ABSENT;
        if (!written.isEmpty()) {
            try {
                fields = JsonView.of(MAPPER.readTree(written));
            } catch (JsonProcessingException e) {
                fields = JsonView.ABSENT; // the default format, as Istio does it
            }
        }
        return json(fields);
    }

    private static SubstitutionFormatString.Builder text(String written) {
        SubstitutionFormatString.Builder out = SubstitutionFormatString.newBuilder();
        String format = written.isEmpty() ? TEXT : newline(written);
        out.getTextFormatSourceBuilder().setInlineString(format);
        if (format.contains(WITHOUT_QUERY)) {
            out.addFormatters(WITHOUT_QUERY_FORMATTER);
        }
        return out;
    }

    private static SubstitutionFormatString.Builder json(JsonView labels) {
        SubstitutionFormatString.Builder out = SubstitutionFormatString.newBuilder();
        Struct.Builder fields = Struct.newBuilder();
        if (labels.fields().isEmpty()) {
            JSON.forEach((name, value) -> fields.putFields(name, ConfigMetadata.text(value)));
        } else {
            labels.fields().forEach((name, value) -> fields.putFields(name, value(value.node())));
        }
        boolean formatter =
                fields.getFieldsMap().values().stream()
                        .anyMatch(value -> value.getStringValue().contains(WITHOUT_QUERY));
        if (formatter) {
            out.addFormatters(WITHOUT_QUERY_FORMATTER);
        }
        return out.setJsonFormat(fields)
                .setJsonFormatOptions(JsonFormatOptions.getDefaultInstance());
    }

    private static Value value(JsonNode node) {
        if (node.isObject()) {
            Struct.Builder out = Struct.newBuilder();
            node.properties()
                    .forEach(field -> out.putFields(field.getKey(), value(field.getValue())));
            return Value.newBuilder().setStructValue(out).build();
        }
        if (node.isArray()) {
            ListValue.Builder out = ListValue.newBuilder();
            node.forEach(element -> out.addValues(value(element)));
            return Value.newBuilder().setListValue(out).build();
        }
        if (node.isNumber()) {
            return Value.newBuilder().setNumberValue(node.asDouble()).build();
        }
        return node.isBoolean()
                ? Value.newBuilder().setBoolValue(node.asBoolean()).build()
                : ConfigMetadata.text(node.asText());
    }

    private static AccessLog file(String path, SubstitutionFormatString.Builder format) {
        return AccessLog.newBuilder()
                .setName("envoy.access_loggers.file")
                .setTypedConfig(
                        Any.pack(
                                FileAccessLog.newBuilder()
                                        .setPath(path)
                                        .setLogFormat(format)
                                        .build()))
                .build();
    }

    private static String newline(String format) {
        return format.endsWith("\n") ? format : format + "\n";
    }
}
