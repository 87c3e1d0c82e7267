package dev.meshdojo.simulator.shell.command.openssl;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import dev.meshdojo.simulator.shell.command.text.Program;
import java.io.IOException;
import java.util.List;

/**
 * {@code openssl}, of which labs need three commands: {@code x509} prints a certificate, {@code
 * verify} checks one against its CA, {@code s_client} shows what a server presents. Options and
 * output are those of OpenSSL 3.0's manual pages. Stateless and thread-safe.
 */
public final class OpensslCommand implements ShellCommand {

    private static final String USAGE =
            """
            usage: openssl COMMAND [OPTION]...
              x509      print a certificate: -in FILE -noout -subject -issuer -dates -serial
                        -fingerprint -ext NAME,... -text -pubkey -checkend SECONDS -checkhost NAME
              verify    check certificates: -CAfile FILE [-untrusted FILE] FILE...
              s_client  connect with TLS: -connect HOST:PORT [-servername NAME] [-CAfile FILE]
                        [-showcerts] [-alpn NAMES] [-tls1_2 | -tls1_3]
              version   print the version
            """;

    @Override
    public String name() {
        return "openssl";
    }

    @Override
    public String summary() {
        return "print and check certificates, and see what a TLS server presents";
    }

    @Override
    public int run(List<String> arguments, Invocation invocation) throws InterruptedException {
        return new Program(name(), summary(), OpensslCommand::dispatch).run(arguments, invocation);
    }

    private static int dispatch(List<String> arguments, Invocation in)
            throws IOException, InterruptedException {
        String command = arguments.isEmpty() ? "help" : arguments.getFirst();
        List<String> rest =
                arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        return switch (command) {
            case "x509" -> PrintCertificate.run(rest, in);
            case "verify" -> VerifyCertificate.run(rest, in);
            case "s_client" -> TlsClient.run(rest, in);
            case "version" -> {
                in.stdout().println("OpenSSL 3.0 (the commands built into Mesh Dojo)");
                yield 0;
            }
            case "help", "-help", "--help" -> {
                in.stdout().print(USAGE);
                yield 0;
            }
            default -> {
                in.stderr()
                        .println(
                                "Invalid command '"
                                        + command
                                        + "'; type \"help\" for a list. The lab shell has x509,"
                                        + " verify, s_client and version.");
                yield 1;
            }
        };
    }
}
