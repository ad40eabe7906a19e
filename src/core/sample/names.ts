import type { Random } from '../base/random.ts';

// Names that are common in many languages, in Latin letters without marks, so that they are good file names everywhere.
const women = (
  'Aaliyah Adaeze Agnes Aiko Aisha Alice Alma Amara Amina Ana Anneke Anya Astrid Ayse Beatriz Bianca Carmen Chidinma ' +
  'Chloe Clara Dalia Daria Dilnoza Elena Elif Emma Esther Eva Farah Fatima Freya Gabriela Greta Hana Helena Ines Ingrid ' +
  'Irina Isabel Jana Jasmin Jing Joana Kamala Katarina Keiko Lan Laura Leila Lena Linh Lucia Mai Malika Maria Marta Mei ' +
  'Mina Nadia Naomi Ngozi Nia Nina Noor Olga Paula Petra Priya Rania Rosa Ruth Sakura Salma Sara Selma Sofia Soo-ah ' +
  'Sunita Tamar Tatiana Thandi Uma Valentina Vera Wanjiru Xiu Yara Yasmin Yuna Zahra Zanele Zeynep Zuzana'
).split(' ');
const men = (
  'Abdul Adam Ade Ahmed Akira Aleksander Alfonso Amir Anders Andrei Anton Arjun Arturo Babak Bao Bashir Ben Bilal Boris ' +
  'Bruno Carlos Chidi Daniel Dario David Deniz Diego Dmitri Duc Eduardo Elias Emeka Emil Erik Farid Felix Filip Gabriel ' +
  'Hamid Hans Haruto Hassan Henrik Hugo Ibrahim Igor Ivan Jae-won Jakob Jamal Jan Javier Jiro Joao Jonas Jose Juma Kaito ' +
  'Karim Kofi Kwame Lars Leon Levi Liam Luca Luis Marek Mario Mateo Mehmet Miguel Minh Musa Nikola Noah Olu Omar Oscar ' +
  'Pavel Pedro Rafael Rahul Ravi Sami Sanjay Sergei Sipho Stefan Takumi Tariq Tomas Viktor Wei Yusuf Zoran'
).split(' ');
const families = (
  'Abebe Achterberg Adeyemi Ahlberg Akhtar Almeida Alvarez Andersen Aoki Arslan Baker Balogun Banerjee Barbosa Bauer ' +
  'Becker Bergstrom Bianchi Bielska Bondar Brandt Castillo Chanda Chen Costa Cruz Danso Das Demir Diallo Diaz Dlamini ' +
  'Dubois Dvorak Eriksen Eze Farouk Fernandes Ferrari Fischer Fofana Fontaine Fujita Garcia Georgiou Ghosh Gomez Gruber ' +
  'Haddad Hakim Hansen Haruna Hashimoto Hoang Horvath Ibarra Iyer Jansen Jensen Jovanovic Kamau Kaplan Karlsson Kaya ' +
  'Keita Khan Kim Kimura Kone Kovacs Kowalski Kumar Larsen Lee Lefevre Lemke Lindqvist Lopez Machado Mahlangu Mancini ' +
  'Mbeki Medina Mehta Mensah Meyer Moreau Moreno Mori Muller Mwangi Nair Nakamura Ndiaye Nguyen Nilsen Novak Nowak ' +
  'Obi Okafor Okoye Oliveira Ortiz Osei Ozturk Papadakis Park Patel Pereira Petrov Pham Popescu Qureshi Ramos Rao ' +
  'Reyes Ricci Rossi Ruiz Saito Salazar Santos Sato Schmidt Sharma Silva Simic Singh Sokolov Sousa Suzuki Takahashi ' +
  'Tanaka Tesfaye Toure Tran Traore Vargas Vasquez Vega Vermeer Virtanen Vo Wagner Wang Weber Wolf Yamamoto Yang ' +
  'Yilmaz Zhang Zhou Ziegler'
).split(' ');

/**
 * Draws the name of somebody who doesn't exist, and who isn't among `taken`, which it joins. First names follow
 * masculinity (0 … 1); family names follow nothing.
 */
export function drawName(random: Random, masculinity: number, taken: Set<string>): string {
  const firsts = masculinity > 0.5 ? men : women;
  for (let tries = 0; ; tries++) {
    const first = firsts[random.int(firsts.length)] ?? 'Robin';
    const family = families[random.int(families.length)] ?? 'Doe';
    // two family names once single ones run out
    const second = tries < 40 ? '' : `-${families[random.int(families.length)] ?? 'Roe'}`;
    const name = `${first} ${family}${second}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
