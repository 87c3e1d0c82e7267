package dev.meshdojo.simulator.apps.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(screen);

    private void type(String text) throws IOException {
        byte[] bytes = text.translateEscapes().getBytes(StandardCharsets.UTF_8);
        terminal.type(bytes, 0, bytes.length);
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # typed,            read,          shown
                    ab\\r,              'ab\\n',       'ab\\r\\n'
                    abX\\177c\\r,       'abc\\n',      'abX\\b \\bc\\r\\n'
                    \\177a\\r,          'a\\n',        'a\\r\\n'
                    é\\177e\\r,         'e\\n',        'é\\b \\be\\r\\n'
                    ab\\25c\\r,         'c\\n',        'ab\\b \\b\\b \\bc\\r\\n'
                    a b \\27c\\r,       'a c\\n',      'a b \\b \\b\\b \\bc\\r\\n'
                    ab\\3c\\r,          'c\\n',        'ab^Cc\\r\\n'
                    a\\33[Ab\\r,        'a\\33[Ab\\n', 'a^[[Ab\\r\\n'
                    ab\\4,              'ab',          'ab'
                    """)
    void editsLinesAsLinuxDoes(String typed, String read, String shown) throws Exception {
        type(typed);
        byte[] line = new byte[100];
        int count = terminal.input().read(line, 0, line.length);
        assertThat(new String(line, 0, count, StandardCharsets.UTF_8))
                .isEqualTo(read.translateEscapes());
        assertThat(shown()).isEqualTo(shown.translateEscapes());
    }

    @Test
    void endsTheInputOnceForEachCtrlD() throws Exception {
        type("\\4a\\r\\4");
        byte[] line = new byte[100];
        assertThat(terminal.input().read(line, 0, 100)).isEqualTo(-1);
        assertThat(terminal.input().read(line, 0, 100)).isEqualTo(2);
        assertThat(terminal.input().read(line, 0, 100)).isEqualTo(-1);
        terminal.hangUp();
        assertThat(terminal.input().read(line, 0, 100)).isEqualTo(-1);
    }

    @Test
    void interruptsWhatIsInTheForeground() throws Exception {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        type("\\3");
        terminal.foreground(first::incrementAndGet);
        assertThat(first).as("typed before it began").hasValue(1);
        Runnable before = terminal.foreground(second::incrementAndGet);
        type("\\3");
        terminal.foreground(before);
        type("\\3\\3");
        assertThat(first).hasValue(3);
        assertThat(second).hasValue(1);
    }

    @Test
    void showsWhatIsTypedUnlessToldNotTo() throws Exception {
        terminal.echo(false);
        type("secret\\r");
        assertThat(shown()).isEqualTo("\r\n");
        terminal.output().write("a\nb\n".getBytes(StandardCharsets.UTF_8));
        assertThat(shown()).isEqualTo("\r\na\r\nb\r\n");
    }
}
