<?php
// Expand the calendars of a folder with sabre/vobject, which knows time zones by their names.
// stdout: "F name" for each file, "T summary description" in hexadecimal and "I start end" in Unix seconds for each
// instance, all parted by tabs.
error_reporting(E_ERROR);  // the library of Debian 12 is older than its PHP
require '/usr/share/php/Sabre/VObject/autoload.php';

// Before version 3 the library left these escaped.
$old = version_compare(Sabre\VObject\Version::VERSION, '3', '<') ? ['\,' => ',', '\;' => ';'] : [];
$hexadecimal = fn ($text) => bin2hex(strtr((string) $text, $old));

foreach (glob($argv[1] . '/*.ics') as $path) {
    echo "F\t", basename($path), "\n";
    $calendar = Sabre\VObject\Reader::read(file_get_contents($path));
    $expanded = $calendar->expand(new DateTime('1970-01-01'), new DateTime('2100-01-01'));
    foreach (($expanded ?? $calendar)->select('VEVENT') as $event) {
        $start = $event->DTSTART->getDateTime()->getTimestamp();
        $end = $event->DTEND->getDateTime()->getTimestamp();
        echo "T\t", $hexadecimal($event->SUMMARY), "\t", $hexadecimal($event->DESCRIPTION), "\n";
        echo "I\t$start\t$end\n";
    }
}
