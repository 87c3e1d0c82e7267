package dev.meshdojo.simulator.apps.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that every container has. */
final class Userland {

    private static final Map<String, Program> PROGRAMS = new HashMap<>();

    static {
        TextPrograms.register(PROGRAMS);
        LinePrograms.register(PROGRAMS);
        FilePrograms.register(PROGRAMS);
        SystemPrograms.register(PROGRAMS);
        TerminalPrograms.register(PROGRAMS);
        DnsPrograms.register(PROGRAMS);
        PROGRAMS.put("read", new ReadProgram());
        PROGRAMS.put("find", new Find());
        PROGRAMS.put("curl", new Curl());
        PROGRAMS.put("wget", new Wget());
        PROGRAMS.put("nslookup", NetworkPrograms::nslookup);
        PROGRAMS.put("getent", NetworkPrograms::getent);
        PROGRAMS.put("nc", NetworkPrograms::netcat);
        PROGRAMS.put("pilot-agent", NetworkPrograms::pilotAgent);
    }

    private Userland() {}

    /** The program of that name, or null. */
    static @Nullable Program find(String name) {
        return PROGRAMS.get(name);
    }

    /** Opens a file of the container, or {@code /dev/null} and friends, for writing. */
    static OutputStream open(Process process, String path, boolean append) {
        switch (path) {
            case "/dev/null":
                return OutputStream.nullOutputStream();
            case "/dev/stdout", "/proc/1/fd/1":
                return process.stdout();
            case "/dev/stderr":
                return process.stderr();
            default:
                break;
        }
        byte[] before = append ? process.container().files().read(path) : null;
        return new ByteArrayOutputStream() {
            @Override
            public void close() throws IOException {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                if (before != null) {
                    all.writeBytes(before);
                }
                all.writeBytes(toByteArray());
                process.container().files().write(path, all.toByteArray());
            }
        };
    }
}
