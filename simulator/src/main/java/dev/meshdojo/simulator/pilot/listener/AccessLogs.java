package dev.meshdojo.simulator.pilot.listener;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.ConfigMetadata;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.security.Policies;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import java.util.List;
import java.util.Map;

/**
 * Whether and how the proxy logs requests: as a Telemetry resource says, else as the mesh
 * configuration does.
 *
 * @param logs the loggers in force
 */
record AccessLogs(List<AccessLog> logs) {

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
        Boolean telemetry = null;
        for (KubeObject object : Policies.of(model, "telemetries.telemetry.istio.io", proxy)) {
            for (JsonView logging : object.spec().list("accessLogging")) {
                telemetry = !logging.flag("disabled");
            }
        }
        if (Boolean.TRUE.equals(telemetry)) {
            return new AccessLogs(List.of(file("/dev/stdout", mesh)));
        }
        String path = mesh.view().text("accessLogFile");
        if (telemetry != null || path.isEmpty()) {
            return new AccessLogs(List.of());
        }
        return new AccessLogs(List.of(file(path, mesh)));
    }

    /** The loggers for connections that no filter chain takes. */
    List<AccessLog> forListener() {
        return logs.stream()
                .map(
                        log ->
                                log.toBuilder()
                                        .setFilter(
                                                AccessLogFilter.newBuilder()
                                                        .setResponseFlagFilter(
                                                                ResponseFlagFilter.newBuilder()
                                                                        .addFlags("NR")))
                                        .build())
                .toList();
    }

    private static AccessLog file(String path, MeshConfig mesh) {
        SubstitutionFormatString.Builder format = SubstitutionFormatString.newBuilder();
        if (mesh.view().text("accessLogEncoding").equals("JSON")) {
            Struct.Builder fields = Struct.newBuilder();
            JSON.forEach((name, value) -> fields.putFields(name, ConfigMetadata.text(value)));
            format.setJsonFormat(fields);
        } else {
            String written = mesh.view().text("accessLogFormat");
            format.getTextFormatSourceBuilder()
                    .setInlineString(written.isEmpty() ? TEXT : newline(written));
        }
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
