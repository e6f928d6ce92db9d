package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.attachment.Networks.Block;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "2001:0:1::1",
                "2002:a00:1::",
                "2002:c0a8:101::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void whatIsNotEverybodysIsNotPermitted(String address) {
        assertThat(new Networks(List.of()).permit(InetAddress.ofLiteral(address)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
                "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.167.0.1", "198.17.0.1", "198.20.0.0",
                        "223.255.255.1",
                "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:4860:4860::8888", "2606:4700::1111"
            })
    void whatIsEverybodysIsPermitted(String address) {
        assertThat(new Networks(List.of()).permit(InetAddress.ofLiteral(address)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.2.3, true",
        "10.1.0.0/16, 10.2.2.3, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.0/23, 10.1.3.255, true",
        "10.1.2.0/23, 10.1.4.0, false",
        "0.0.0.0/0, 127.0.0.1, true",
        "0.0.0.0/0, ::1, false",
        "::1/128, ::1, true",
        "fd00::/8, fd12::1, true",
        "fd00::/8, fc12::1, false",
        "127.0.0.0/8, ::ffff:127.0.0.1, true",
        "10.0.0.0/8, 64:ff9b::10.0.0.1, true",
    })
    void whatIsAllowedIsPermittedAndNothingBesides(String block, String address, boolean isPermitted) {
        assertThat(new Networks(List.of(Block.of(block))).permit(InetAddress.ofLiteral(address)))
                .isEqualTo(isPermitted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/",
                "::/129",
                "example.org",
                "10/8x",
                "localhost/8"
            })
    void whatIsNoNetworkIsSaid(String text) {
        assertThatThrownBy(() -> Block.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no network");
    }
}
