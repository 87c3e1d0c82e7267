package dev.meshdojo.simulator.shell.command.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshdojo.simulator.shell.NoCluster;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("openssl of the lab shell prints and exits as OpenSSL does")
class OpensslCommandTest {

    private static final Path REAL = Path.of("/usr/bin/openssl");

    @TempDir static Path directory;

    private record Outcome(int status, String stdout) {}

    @BeforeAll
    static void certificates() throws Exception {
        assumeTrue(Files.isExecutable(REAL), "no /usr/bin/openssl to compare with");
        for (String command :
                new String[] {
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt"
                            + " -subj /O=Dojo/CN=Lab-CA -days 30",
                    "req -newkey rsa:2048 -nodes -keyout web.key -out web.csr -subj /CN=web",
                    "x509 -req -in web.csr -CA ca.crt -CAkey ca.key -set_serial 10 -out web.crt -days 9"
                            + " -extfile web.ext",
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout other.key -out other.crt"
                            + " -subj /CN=other -days 3",
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout false.key -out"
                            + " imposter.crt -subj /O=Dojo/CN=Lab-CA -days 30"
                }) {
            Files.writeString(
                    directory.resolve("web.ext"),
                    """
                    subjectAltName=DNS:web.example.com,DNS:*.apps.example.com,IP:10.0.0.1,URI:spiffe://a/b
                    basicConstraints=critical,CA:FALSE
                    keyUsage=critical,digitalSignature,keyEncipherment
                    extendedKeyUsage=serverAuth,clientAuth
                    """);
            assertThat(real("openssl " + command + " 2>/dev/null").status()).isZero();
        }
    }

    private static Outcome real(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", script)
                        .directory(directory.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out);
    }

    private static Outcome own(String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            int status = shell.run(script, out, new ByteArrayOutputStream());
            return new Outcome(status, out.toString(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openssl x509 -in web.crt -noout -subject -issuer -dates -serial",
                "openssl x509 -in web.crt -noout -enddate -startdate",
                "openssl x509 -in ca.crt -noout -serial -ext basicConstraints,subjectKeyIdentifier",
                "openssl x509 -in web.crt -noout -ext subjectAltName",
                "openssl x509 -in web.crt -noout -ext keyUsage,extendedKeyUsage",
                "openssl x509 -in other.crt -noout -ext keyUsage",
                "openssl x509 -in web.crt -noout -fingerprint",
                "openssl x509 -in web.crt -noout -fingerprint -sha256",
                "openssl x509 -in ca.crt -noout -pubkey",
                "openssl x509 -in web.crt",
                "openssl x509 -noout -subject < web.crt",
                "cat web.crt | openssl x509 -subject",
                "openssl x509 -in web.crt -noout -checkend 3600",
                "openssl x509 -in web.crt -noout -checkend 8640000",
                "openssl x509 -in web.crt -noout -checkhost web.example.com",
                "openssl x509 -in web.crt -noout -checkhost a.apps.example.com",
                "openssl x509 -in web.crt -noout -checkhost a.b.apps.example.com",
                "openssl x509 -in web.crt -noout -text | grep -A40 Signature.Algorithm | grep -v Modulus",
                "openssl x509 -in web.key -noout -subject",
                "openssl x509 -in missing.crt -noout -subject",
                "openssl verify -CAfile ca.crt web.crt",
                "openssl verify -CAfile ca.crt -verify_hostname web.example.com web.crt",
                "openssl verify -CAfile ca.crt -verify_hostname other.example.com web.crt",
                "openssl verify -CAfile other.crt web.crt",
                "openssl verify -CAfile imposter.crt web.crt",
                "openssl verify -CAfile ca.crt other.crt",
                "openssl verify -CAfile ca.crt web.crt ca.crt"
            })
    void agreesWithTheRealProgram(String script) throws Exception {
        assertThat(own(script)).isEqualTo(real(script));
    }

    @Test
    void whenTheCommandIsUnknown_thenItSaysWhichThereAre() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            assertThat(shell.run("openssl genrsa", new ByteArrayOutputStream(), err)).isEqualTo(1);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("genrsa", "x509", "s_client");
    }
}
